package dev.distill.student.generate;

import dev.distill.student.generate.Generation.Finish;
import dev.distill.student.model.CachedSequence;
import dev.distill.student.model.LikeliestTokens;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.TeacherRows;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request while it is being answered. */
final class Row {
    private static final float[] NONE = {};
    private static final TeacherRows NOTHING = new TeacherRows(1, new int[0], NONE);

    private final GenerationRequest request;
    private final CachedSequence sequence;
    private final TokenSampler sampler;
    private final BitSet seen = new BitSet(); // tokens that a penalty is for
    private final int limit;
    private final int[] ids;
    private final float[] logProbs;
    private float @Nullable [] penalised_V;
    private int count;
    private @Nullable Finish finish;
    private boolean failed;

    /** @param limit tokens at most */
    Row(GenerationRequest request, CachedSequence sequence, int limit) {
        this.request = request;
        this.sequence = sequence;
        this.sampler = new TokenSampler(request.sampling(), request.seed());
        this.limit = limit;
        this.ids = new int[limit];
        this.logProbs = new float[limit];
        if (penalised()) {
            Arrays.stream(request.prompt()).forEach(seen::set);
        }
    }

    /** The request's number. */
    long number() {
        return request.row();
    }

    CachedSequence sequence() {
        return sequence;
    }

    int lastId() {
        return ids[count - 1];
    }

    private boolean penalised() {
        return request.sampling().repetitionPenalty() != 1;
    }

    /** Keeps the logits with the repetition penalty, where there is one, for {@link #choose}. */
    void penalise(Tensor logits_1V) {
        if (!penalised()) {
            return;
        }
        float penalty = (float) request.sampling().repetitionPenalty();
        float[] logits_V = logits_1V.toArray();
        seen.stream()
                .filter(id -> id < logits_V.length)
                .forEach(id -> logits_V[id] = logits_V[id] > 0 ? logits_V[id] / penalty : logits_V[id] * penalty);
        penalised_V = logits_V;
    }

    /**
     * Takes the next token; overwrites the log-probabilities where it draws.
     *
     * @param likeliest the token of the largest of them
     */
    void choose(Ops ops, Tensor logProbs_1V, int likeliest, TokenListener listener) {
        TeacherRows others = request.likeliest() == 0 ? NOTHING : LikeliestTokens.of(logProbs_1V, request.likeliest());
        boolean greedy = request.sampling().isGreedy();
        float[] before_V = greedy ? NONE : logProbs_1V.toArray();
        int id = greedy ? likeliest(likeliest) : draw(ops, logProbs_1V);
        float logProb = greedy ? logProbs_1V.get(id) : before_V[id];
        if (Float.isNaN(logProb)) {
            throw new IllegalStateException("generation row " + request.row()
                    + ": the model's probabilities of its next token are no numbers; are its weights whole?");
        }
        ids[count] = id;
        logProbs[count] = logProb;
        count++;
        seen.set(id);
        boolean goOn = listener.token(request.row(), id, logProb, others);
        if (request.endIds().contains(id)) {
            finish = Finish.END;
        } else if (!goOn) {
            finish = Finish.CANCELLED;
        } else if (count == limit) {
            finish = Finish.LENGTH;
        }
    }

    private int likeliest(int unpenalised) {
        return penalised_V == null ? unpenalised : TokenSampler.likeliest(penalised_V);
    }

    private int draw(Ops ops, Tensor scores_1V) {
        if (penalised_V != null) {
            scores_1V.setAll(penalised_V);
        }
        ops.softmax(scores_1V, scores_1V, (float) (1 / request.sampling().temperature()));
        return sampler.draw(scores_1V.toArray());
    }

    /** Its next token cannot be had. */
    void fail() {
        failed = true;
    }

    /** Whether it has ended: with a {@link #result}, or failed without one. */
    boolean isOver() {
        return failed || finish != null;
    }

    /** The whole answer, once it has ended well. */
    Optional<Generation> result() {
        return finish == null
                ? Optional.empty()
                : Optional.of(new Generation(
                        request.row(), Arrays.copyOf(ids, count), Arrays.copyOf(logProbs, count), finish));
    }
}

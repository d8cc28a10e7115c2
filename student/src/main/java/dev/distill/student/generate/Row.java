package dev.distill.student.generate;

import dev.distill.student.generate.Generation.Finish;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request while it is being answered, in its slot of the cache. */
final class Row {
    private final GenerationRequest request;
    private final int slot;
    private final TokenSampler sampler;
    private final int limit;
    private final int[] ids;
    private final float[] logProbs;
    private int count;
    private @Nullable Finish finish;

    Row(GenerationRequest request, int slot, int positions) {
        this.request = request;
        this.slot = slot;
        this.sampler = new TokenSampler(request.sampling(), request.seed());
        // the last token needs no position: nothing is computed after it
        this.limit = Math.min(request.maxNewTokens(), positions - request.prompt().length + 1);
        this.ids = new int[limit];
        this.logProbs = new float[limit];
    }

    int slot() {
        return slot;
    }

    int lastId() {
        return ids[count - 1];
    }

    /** Positions in the cache once the last token has entered it. */
    int length() {
        return request.prompt().length + count;
    }

    /** Takes the next token; overwrites the log-probabilities. */
    void choose(Ops ops, Tensor logProbs_1V, TokenListener listener) {
        float[] logProbs_V = logProbs_1V.toArray();
        int id;
        if (request.sampling().isGreedy()) {
            id = TokenSampler.likeliest(logProbs_V);
        } else {
            ops.softmax(
                    logProbs_1V, logProbs_1V, (float) (1 / request.sampling().temperature()));
            id = sampler.draw(logProbs_1V.toArray());
        }
        ids[count] = id;
        logProbs[count] = logProbs_V[id];
        count++;
        boolean goOn = listener.token(request.row(), id, logProbs_V[id]);
        if (request.endIds().contains(id)) {
            finish = Finish.END;
        } else if (!goOn) {
            finish = Finish.CANCELLED;
        } else if (count == limit) {
            finish = Finish.LENGTH;
        }
    }

    /** The whole answer, once it has ended. */
    Optional<Generation> result() {
        if (finish == null) {
            return Optional.empty();
        }

        return Optional.of(
                new Generation(request.row(), Arrays.copyOf(ids, count), Arrays.copyOf(logProbs, count), finish));
    }
}

package dev.distill.serve;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.LikeliestTokens;
import dev.distill.student.model.PackedRow;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** What a model makes of a given text's tokens. */
final class PromptScorer {
    private final Decoder model;
    private volatile boolean closing;

    PromptScorer(Decoder model) {
        this.model = model;
    }

    /** What is being scored is given up at the next token. Any thread may call this. */
    void hurry() {
        closing = true;
    }

    /**
     * The log-probability of each token; nothing comes before the first.
     *
     * @param likeliest how many of the likeliest tokens are told in each place
     * @param wanted asked at each token where likeliest ones are told: once it says no, the rest is given up
     * @throws CancellationException if it was given up
     */
    List<Said.Token> scores(int[] ids, int likeliest, BooleanSupplier wanted) {
        List<Said.Token> tokens = new ArrayList<>();
        tokens.add(new Said.Token(ids[0], Float.NaN, Said.NO_OTHERS));
        if (ids.length > 1 && likeliest == 0) {
            float[] own = model.logProbabilities(PackedRow.nextToken(ids));
            for (int n = 0; n + 1 < ids.length; n++) {
                tokens.add(new Said.Token(ids[n + 1], own[n], Said.NO_OTHERS));
            }
        } else if (ids.length > 1) {
            model.forEachLogits(PackedRow.nextToken(ids), (n, logits_V) -> {
                if (closing || !wanted.getAsBoolean()) {
                    throw new CancellationException("nobody waits for these scores any more");
                }
                if (n + 1 < ids.length) {
                    tokens.add(token(ids[n + 1], logits_V, likeliest));
                }
            });
        }
        return tokens;
    }

    private Said.Token token(int id, Tensor logits_V, int likeliest) {
        Tensor logProbs_1V = logits_V.reshape(1, Math.toIntExact(logits_V.size()));
        model.ops().logSoftmax(logProbs_1V, logProbs_1V, 1);
        return new Said.Token(id, logits_V.get(id), LikeliestTokens.of(logProbs_1V, likeliest));
    }
}

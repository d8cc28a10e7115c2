package dev.distill.student.generate;

/**
 * How the next token is chosen. Applied in this order: repetition penalty, temperature, top-k, top-p, min-p.
 *
 * @param temperature divides the logits; 0 takes the likeliest token always
 * @param topK only the k likeliest tokens count; 0 for all
 * @param topP only the fewest tokens that hold this much probability together count (arXiv:1904.09751); 1 for all
 * @param minP only tokens of at least this share of the likeliest one's probability count (arXiv:2407.01082); 0 for all
 * @param repetitionPenalty logits of tokens that are in the prompt or the text already are divided by it where they are positive, and
 *     multiplied by it where they are negative (arXiv:1909.05858); 1 for none
 */
public record Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty) {
    /** The likeliest token, always. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1);

    public Sampling {
        if (!(temperature >= 0)
                || Double.isInfinite(temperature)
                || topK < 0
                || !(topP > 0)
                || topP > 1
                || !(minP >= 0)
                || minP > 1
                || !(repetitionPenalty > 0)
                || Double.isInfinite(repetitionPenalty)) {
            throw new IllegalArgumentException("sampling: need temperature >= 0, top-k >= 0, 0 < top-p <= 1,"
                    + " 0 <= min-p <= 1 and a repetition penalty above 0; got " + temperature + ", " + topK + ", "
                    + topP
                    + ", " + minP + ", " + repetitionPenalty);
        }
    }

    /** Without min-p and penalty. */
    public Sampling(double temperature, int topK, double topP) {
        this(temperature, topK, topP, 0, 1);
    }

    public Sampling withMinP(double value) {
        return new Sampling(temperature, topK, topP, value, repetitionPenalty);
    }

    public Sampling withRepetitionPenalty(double value) {
        return new Sampling(temperature, topK, topP, minP, value);
    }

    public boolean isGreedy() {
        return temperature == 0;
    }
}

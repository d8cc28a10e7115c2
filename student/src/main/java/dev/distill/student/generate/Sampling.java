package dev.distill.student.generate;

/**
 * How the next token is chosen. Applied in this order: temperature, top-k, top-p.
 *
 * @param temperature divides the logits; 0 takes the likeliest token always
 * @param topK only the k likeliest tokens count; 0 for all
 * @param topP only the fewest tokens that hold this much probability together count (arXiv:1904.09751); 1 for all
 */
public record Sampling(double temperature, int topK, double topP) {
    /** The likeliest token, always. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1);

    public Sampling {
        if (!(temperature >= 0) || Double.isInfinite(temperature) || topK < 0 || !(topP > 0) || topP > 1) {
            throw new IllegalArgumentException("sampling: need temperature >= 0, top-k >= 0 and 0 < top-p <= 1; got "
                    + temperature + ", " + topK + ", " + topP);
        }
    }

    public boolean isGreedy() {
        return temperature == 0;
    }
}

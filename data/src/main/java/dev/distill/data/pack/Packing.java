package dev.distill.data.pack;

/**
 * How samples become batches.
 *
 * @param rowTokens C, the most tokens of one row
 * @param rule what one batch is
 * @param overLong what is done with a sample that is longer than a row; no end of it is ever lost in silence
 * @param seed decides the order, together with the number of the epoch
 */
public record Packing(int rowTokens, Rule rule, OverLong overLong, long seed) {
    public Packing {
        if (rowTokens < 2) {
            throw new IllegalArgumentException("packing: a row must have at least 2 tokens, got " + rowTokens);
        }
    }

    /** What one batch is. */
    public sealed interface Rule permits Tokens, Count {}

    /**
     * A batch is rows, each filled as well as may be, of about so many tokens together: what trains fastest. Of the T tokens that are to be trained,
     * an epoch has {@code round(T / tokens)} batches, at least one and at most as many as samples. Windows of whole batches, of about {@code window}
     * samples, are packed one at a time, and the rows of a window are divided evenly among its batches. So batches differ by a row.
     *
     * @param tokens of a batch
     * @param window samples among which those that share a row are sought, and which are held in memory by number
     */
    public record Tokens(int tokens, int window) implements Rule {
        /** As wide a window as leaves one token in a hundred unused, or fewer (docs/log.md, "batches by tokens"). */
        public static final int WINDOW = 4096;

        public Tokens {
            if (tokens < 1 || window < 1) {
                throw new IllegalArgumentException(
                        "packing: tokens and window must be at least 1; got " + tokens + " and " + window);
            }
        }
    }

    /**
     * A batch is so many samples, in as many rows as they need: two runs over samples of the same traces (whole, and answers
     * only) then see the same traces in the same steps.
     *
     * @param samples in a batch; the last one of an epoch has what is left
     */
    public record Count(int samples) implements Rule {
        public Count {
            if (samples < 1) {
                throw new IllegalArgumentException("packing: a batch must have at least 1 sample, got " + samples);
            }
        }
    }

    /** What is done with a sample that is longer than a row. */
    public enum OverLong {
        /** It is left out, and counted. */
        DROP,
        /** It becomes several, windows of it that fit, in which each of its trained tokens is trained exactly once. */
        SPLIT,
        /** It is an error. */
        RAISE
    }
}

package dev.distill.student.generate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses tokens for one row, from a random sequence of its own: what else is being generated has no say. Equal
 * probabilities are ordered by id, the smaller first.
 */
final class TokenSampler {
    private final Sampling sampling;
    private final SplittableRandom random;

    TokenSampler(Sampling sampling, long seed) {
        this.sampling = sampling;
        this.random = new SplittableRandom(seed);
    }

    /** The likeliest token of any monotonic score. */
    static int likeliest(float[] scores_V) {
        int best = 0;
        for (int id = 1; id < scores_V.length; id++) {
            if (scores_V[id] > scores_V[best]) {
                best = id;
            }
        }
        return best;
    }

    /** Draws from probabilities to which the temperature has been applied. */
    int draw(float[] p_V) {
        if (sampling.topK() == 0 && sampling.topP() == 1 && sampling.minP() == 0) {
            return drawFromAll(p_V);
        }
        long[] candidates = sampling.topK() > 0 ? largest(p_V, sampling.topK()) : candidates(p_V);
        return drawFromNucleus(candidates);
    }

    private int drawFromAll(float[] p_V) {
        double total = 0;
        for (float p : p_V) {
            total += p;
        }
        requireProbabilities(total);
        double left = random.nextDouble() * total;
        int last = 0;
        for (int id = 0; id < p_V.length; id++) {
            if (p_V[id] > 0) {
                last = id;
                left -= p_V[id];
                if (left < 0) {
                    return id;
                }
            }
        }
        return last; // rounding used up the last token's share
    }

    private void requireProbabilities(double total) {
        if (!(total > 0)) {
            throw new IllegalStateException(
                    "sampling: the probabilities of the next token are no numbers at temperature "
                            + sampling.temperature() + "; raise it, or look whether the model's weights are whole");
        }
    }

    /** @param keys in ascending order */
    private int drawFromNucleus(long[] keys) {
        double total = 0;
        for (long key : keys) {
            total += probability(key);
        }
        requireProbabilities(total);
        double nucleus = 0;
        int first = keys.length;
        do { // the likeliest is always in it
            nucleus += probability(keys[--first]);
        } while (first > 0 && nucleus < sampling.topP() * total);
        double least = sampling.minP() * probability(keys[keys.length - 1]);
        while (first < keys.length - 1 && probability(keys[first]) < least) {
            nucleus -= probability(keys[first++]);
        }
        double left = random.nextDouble() * nucleus;
        for (int i = keys.length - 1; i > first; i--) {
            left -= probability(keys[i]);
            if (left < 0) {
                return id(keys[i]);
            }
        }
        return id(keys[first]);
    }

    /** The k largest, ascending. A buffer of twice k is sorted whenever it is full. */
    private static long[] largest(float[] p_V, int k) {
        long[] buffer = new long[2 * Math.min(k, p_V.length)];
        int used = 0;
        long atLeast = 0;
        for (int id = 0; id < p_V.length; id++) {
            long key = key(p_V[id], id);
            if (key < atLeast) {
                continue;
            }
            if (used == buffer.length) {
                Arrays.sort(buffer);
                used = buffer.length / 2;
                System.arraycopy(buffer, used, buffer, 0, used);
                atLeast = buffer[0];
            }
            buffer[used++] = key;
        }
        Arrays.sort(buffer, 0, used);
        return Arrays.copyOfRange(buffer, Math.max(0, used - k), used);
    }

    /**
     * Every token that can be drawn by top-p and min-p, ascending: tokens below {@code (1 - top-p) / V} hold less than {@code 1 - top-p} all
     * together, so the others hold more than top-p.
     */
    private long[] candidates(float[] p_V) {
        double threshold =
                sampling.topP() == 1 ? sampling.minP() * p_V[likeliest(p_V)] : (1 - sampling.topP()) / p_V.length;
        long[] keys = new long[Math.min(p_V.length, 1024)]; // few have so large a share, of a large vocabulary too
        int used = 0;
        for (int id = 0; id < p_V.length; id++) {
            if (p_V[id] >= threshold) {
                if (used == keys.length) {
                    keys = Arrays.copyOf(keys, Math.min(p_V.length, 2 * used));
                }
                keys[used++] = key(p_V[id], id);
            }
        }
        keys = Arrays.copyOf(keys, used);
        Arrays.sort(keys);
        return keys;
    }

    /** Probability above, id below: floats from 0 on are ordered as their bits are; of equals the smaller id is larger. */
    private static long key(float p, int id) {
        return ((long) Float.floatToRawIntBits(p) << Integer.SIZE) | (Integer.MAX_VALUE - id);
    }

    private static float probability(long key) {
        return Float.intBitsToFloat((int) (key >>> Integer.SIZE));
    }

    private static int id(long key) {
        return Integer.MAX_VALUE - (int) key;
    }
}

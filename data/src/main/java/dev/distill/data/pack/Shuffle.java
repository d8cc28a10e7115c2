package dev.distill.data.pack;

/**
 * A permutation of 0 ... n-1 that needs no memory: a Feistel network over the next power of four, walked until it lands inside
 * (Black and Rogaway, Ciphers with Arbitrary Finite Domains, 2002, "cycle walking"). Given n and the key it is the same on every
 * machine and in every version of Java.
 */
final class Shuffle {
    private static final int ROUNDS = 8;

    private final int n;
    private final long key;
    private final int halfBits;

    /** @param n how many there are to permute, at least 1 */
    Shuffle(int n, long key) {
        if (n < 1) {
            throw new IllegalArgumentException("shuffle: need at least one item, got " + n);
        }
        this.n = n;
        this.key = key;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(n - 1L);
        this.halfBits = Math.max(1, (bits + 1) / 2);
    }

    /** What stands at this place, 0 to n-1. */
    int at(int place) {
        long value = place;
        do {
            value = permuteOnce(value);
        } while (value >= n);
        return (int) value;
    }

    private long permuteOnce(long value) {
        long mask = (1L << halfBits) - 1;
        long left = value >>> halfBits;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = left ^ (mix(mix(key, round), right) & mask);
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }

    /** Two numbers to one: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    static long mix(long key, long value) {
        long z = key + 0x9e3779b97f4a7c15L * (value + 1);
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}

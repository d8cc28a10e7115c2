package dev.distill.teacher.embedded.problem;

import java.util.List;

/**
 * A stream of choices that depends on nothing but what it was made from, on every machine and Java version: SplitMix64
 * (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014), its state the FNV-1a hash of the names.
 */
public final class Draw {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    private Draw(long state) {
        this.state = state;
    }

    /** The choices that belong to this seed and these names; two different lists of names give unrelated choices. */
    public static Draw of(long seed, String... names) {
        long hash = 0xCBF29CE484222325L ^ mix(seed);
        for (String name : names) {
            for (int i = 0; i < name.length(); i++) {
                hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
            }
            hash = mix(hash ^ name.length());
        }
        return new Draw(hash);
    }

    public long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** A whole number from 0 to {@code n - 1}. */
    public int below(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("draw: need at least one thing to choose from, got " + n);
        }
        return (int) Long.remainderUnsigned(next(), n);
    }

    /** A whole number from {@code low} to {@code high}, both included. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** A number from 0 (included) to 1 (excluded). */
    public double unit() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    public boolean chance(double probability) {
        return unit() < probability;
    }

    public <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    public String pick(String... choices) {
        return choices[below(choices.length)];
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

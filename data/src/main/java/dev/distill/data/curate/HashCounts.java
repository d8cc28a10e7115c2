package dev.distill.data.curate;

/** How often each hash came, in a table of primitives. */
final class HashCounts {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final long[] keys;
    private final int[] counts;
    private final int shift;

    /** @param most how many different hashes there can be */
    HashCounts(int most) {
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(Math.max(1, most)));
        keys = new long[1 << bits];
        counts = new int[1 << bits];
        shift = 64 - bits;
    }

    /** Counts it once more, and says how often it had come before. */
    int add(long hash) {
        int slot = slot(hash);
        keys[slot] = hash;
        return counts[slot]++;
    }

    int count(long hash) {
        return counts[slot(hash)];
    }

    private int slot(long hash) {
        int slot = (int) ((hash * STEP) >>> shift);
        while (counts[slot] != 0 && keys[slot] != hash) {
            slot = slot + 1 == keys.length ? 0 : slot + 1;
        }
        return slot;
    }
}

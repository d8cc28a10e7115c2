package dev.distill.data.intake;

/** How many traces each prompt has had. By the 128 bits of the prompt's id, in 40 to 80 bytes a prompt, so that tens of millions have room. */
final class SampleNumbers {
    private long[] keys = new long[2 << 10];
    private int[] counts = new int[1 << 10];
    private int used;

    /** The number of the next sample of this prompt, from 0. @param promptId 32 hex digits */
    int next(String promptId) {
        if (used >= counts.length / 10 * 6) {
            grow();
        }
        int slot = slot(Long.parseUnsignedLong(promptId, 0, 16, 16), Long.parseUnsignedLong(promptId, 16, 32, 16));
        used += counts[slot] == 0 ? 1 : 0;
        return counts[slot]++;
    }

    /** Where the key is, or comes to be: it is put there. */
    private int slot(long high, long low) {
        int mask = counts.length - 1;
        int slot = (int) (high ^ high >>> 32) & mask;
        while (counts[slot] != 0 && (keys[2 * slot] != high || keys[2 * slot + 1] != low)) {
            slot = (slot + 1) & mask;
        }
        keys[2 * slot] = high;
        keys[2 * slot + 1] = low;
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldCounts = counts;
        keys = new long[Math.multiplyExact(oldKeys.length, 2)];
        counts = new int[oldCounts.length * 2];
        for (int i = 0; i < oldCounts.length; i++) {
            if (oldCounts[i] != 0) {
                counts[slot(oldKeys[2 * i], oldKeys[2 * i + 1])] = oldCounts[i];
            }
        }
    }
}

package dev.distill.student.ops;

import java.util.Arrays;

/**
 * Which part of a key/value cache each row of a decoding step uses. A cache is one tensor {@code [slots, capacity, K, D]} for keys and one
 * for values; a sequence owns a slot while it is generated, so a batch may shrink and its slots be used again in any order.
 *
 * @param slots for each row b of the batch its slot in the cache; no slot twice
 * @param lengths for each row how many positions of its slot count, the one that the step adds included: at least 1, at most the capacity
 */
public record CacheStep(int[] slots, int[] lengths) {
    public CacheStep {
        slots = slots.clone();
        lengths = lengths.clone();
        if (slots.length != lengths.length) {
            throw new IllegalArgumentException("cache step: needs one length for each slot, got " + slots.length
                    + " slots and " + lengths.length + " lengths");
        }
        for (int b = 0; b < lengths.length; b++) {
            if (slots[b] < 0 || lengths[b] < 1) {
                throw new IllegalArgumentException(
                        "cache step: row " + b + " needs a slot from 0 on and a length from 1 on, got slot " + slots[b]
                                + ", length " + lengths[b]);
            }
        }
        if (Arrays.stream(slots).distinct().count() != slots.length) {
            throw new IllegalArgumentException(
                    "cache step: a slot stands for one row only, got " + Arrays.toString(slots));
        }
    }

    /** B, rows of the batch. */
    public int rows() {
        return slots.length;
    }

    public int slot(int row) {
        return slots[row];
    }

    public int length(int row) {
        return lengths[row];
    }

    @Override
    public int[] slots() {
        return slots.clone();
    }

    @Override
    public int[] lengths() {
        return lengths.clone();
    }
}

package dev.distill.data.tokenize;

import java.util.Arrays;

/** Token ids, one behind the other, without boxes. For one thread. */
final class IdList {
    private int[] ids = new int[256];
    private int size;

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = id;
    }

    void add(int[] from, int at, int count) {
        if (size + count > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(size + count, 2 * ids.length));
        }
        for (int i = 0; i < count; i++) {
            ids[size + i] = from[at + i];
        }
        size += count;
    }

    /** All ids, after which the list is empty; of its memory it keeps no more than this many. */
    int[] take(int kept) {
        int[] taken = Arrays.copyOf(ids, size);
        size = 0;
        if (ids.length > kept) {
            ids = new int[kept];
        }
        return taken;
    }
}

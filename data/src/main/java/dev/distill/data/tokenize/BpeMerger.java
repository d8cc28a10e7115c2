package dev.distill.data.tokenize;

import java.util.Arrays;

/**
 * Merges the tokens of one word: of all neighbours that may become one token the pair that was learnt first, of several such the
 * leftmost, again and again (Sennrich et al. 2016). Short words by looking at all pairs each time, long ones through a heap, so
 * that a word of n bytes takes n log n steps. For one thread.
 */
final class BpeMerger {
    /** Up to this length looking at all pairs is faster than a heap. */
    private static final int SHORT = 96;
    /** What is kept for the next word; longer arrays go. */
    private static final int KEPT = 1 << 16;

    private static final int NO_TOKEN = -1;

    private final BpeMerges merges;
    private long[] pairs = new long[SHORT];
    private int[] before = {};
    private int[] behind = {};
    private long[] heap = {};
    private int heapSize;

    BpeMerger(BpeMerges merges) {
        this.merges = merges;
    }

    /** Merges the first {@code count} of these ids in place; how many are left. */
    int merge(int[] ids, int count) {
        return count <= SHORT ? mergeShort(ids, count) : mergeLong(ids, count);
    }

    private int mergeShort(int[] ids, int count) {
        int left = count;
        for (int i = 0; i + 1 < left; i++) {
            pairs[i] = merges.of(ids[i], ids[i + 1]);
        }
        while (left > 1) {
            int at = 0;
            for (int i = 1; i + 1 < left; i++) {
                at = pairs[i] < pairs[at] ? i : at;
            }
            if (pairs[at] == BpeMerges.NONE) {
                return left;
            }
            ids[at] = (int) pairs[at];
            left--;
            System.arraycopy(ids, at + 2, ids, at + 1, left - at - 1);
            if (at + 1 < left) {
                System.arraycopy(pairs, at + 2, pairs, at + 1, left - at - 2);
                pairs[at] = merges.of(ids[at], ids[at + 1]);
            }
            if (at > 0) {
                pairs[at - 1] = merges.of(ids[at - 1], ids[at]);
            }
        }
        return left;
    }

    private int mergeLong(int[] ids, int count) {
        if (before.length < count) {
            before = new int[count];
            behind = new int[count];
        }
        heapSize = 0;
        for (int i = 0; i < count; i++) {
            before[i] = i - 1;
            behind[i] = i + 1;
            if (i + 1 < count) {
                offer(ids, i, i + 1);
            }
        }
        while (heapSize > 0) {
            long first = poll();
            int at = (int) first;
            int next = ids[at] == NO_TOKEN ? count : behind[at];
            if (next == count) {
                continue;
            }
            long merge = merges.of(ids[at], ids[next]);
            if (merge >>> 32 != first >>> 32) {
                continue; // one of the two has become another token since
            }
            ids[at] = (int) merge;
            ids[next] = NO_TOKEN;
            behind[at] = behind[next];
            if (behind[at] < count) {
                before[behind[at]] = at;
                offer(ids, at, behind[at]);
            }
            if (before[at] >= 0) {
                offer(ids, before[at], at);
            }
        }
        int left = 0;
        for (int i = 0; i < count; i = behind[i]) {
            ids[left++] = ids[i];
        }
        forgetMuch();
        return left;
    }

    private void forgetMuch() {
        if (before.length > KEPT) {
            before = new int[0];
            behind = new int[0];
            heap = new long[0];
        }
    }

    /** Puts the pair into the heap as (rank &lt;&lt; 32) | place. */
    private void offer(int[] ids, int at, int next) {
        long merge = merges.of(ids[at], ids[next]);
        if (merge == BpeMerges.NONE) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(4 * SHORT, 2 * heapSize));
        }
        long entry = (merge >>> 32 << 32) | at;
        int i = heapSize++;
        while (i > 0 && heap[(i - 1) >> 1] > entry) {
            heap[i] = heap[(i - 1) >> 1];
            i = (i - 1) >> 1;
        }
        heap[i] = entry;
    }

    private long poll() {
        long first = heap[0];
        long last = heap[--heapSize];
        int i = 0;
        for (int child = 1; child < heapSize; child = 2 * i + 1) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = last;
        return first;
    }
}

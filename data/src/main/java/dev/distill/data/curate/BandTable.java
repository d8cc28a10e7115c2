package dev.distill.data.curate;

import java.util.Arrays;

/**
 * From a band's key to the texts that are remembered under it: the first {@value #MOST} that have it, of one group no more than the first
 * {@value #MOST_OF_GROUP}. So a text has few candidates, however many share a band with it. For one thread.
 */
final class BandTable {
    /** Texts of a key. */
    static final int MOST = 32;

    /** Texts of a key that were of one group when they were added. */
    static final int MOST_OF_GROUP = 8;

    /** From a key to its last entry. */
    private final LongIntTable last = new LongIntTable(1 << 11);

    private int[] texts = new int[1 << 12];

    /** The entry of the same key before each; {@link LongIntTable#NONE} for the first. */
    private int[] before = new int[1 << 12];

    private int entries;

    /** Remembers a text under each of its keys where there is room for it. */
    void add(long[] keys, int text, DisjointSets groups) {
        for (long key : keys) {
            int head = last.get(key);
            if (hasRoom(head, groups.find(text), groups)) {
                if (entries == texts.length) {
                    texts = Arrays.copyOf(texts, entries * 2);
                    before = Arrays.copyOf(before, entries * 2);
                }
                texts[entries] = text;
                before[entries] = head;
                last.put(key, entries++);
            }
        }
    }

    private boolean hasRoom(int head, int group, DisjointSets groups) {
        int all = 0;
        int ofGroup = 0;
        for (int entry = head; entry != LongIntTable.NONE; entry = before[entry]) {
            all++;
            ofGroup += groups.find(texts[entry]) == group ? 1 : 0;
        }
        return all < MOST && ofGroup < MOST_OF_GROUP;
    }

    /** The texts that are remembered under one of these keys, each once, rising. */
    int[] candidates(long[] keys) {
        int[] found = new int[64];
        int size = 0;
        for (long key : keys) {
            for (int entry = last.get(key); entry != LongIntTable.NONE; entry = before[entry]) {
                if (size == found.length) {
                    found = Arrays.copyOf(found, 2 * size);
                }
                found[size++] = texts[entry];
            }
        }
        Arrays.sort(found, 0, size);
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || found[i] != found[i - 1]) {
                found[distinct++] = found[i];
            }
        }
        return Arrays.copyOf(found, distinct);
    }
}

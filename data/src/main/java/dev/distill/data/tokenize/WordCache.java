package dev.distill.data.tokenize;

import java.util.Arrays;

/**
 * The ids of words that were encoded before. Of bounded size, about 3 MiB: when it is full it forgets all. For one thread.
 *
 * <p>A hash table without objects. An entry's four numbers lie side by side: the hash, where the word's characters begin, where its
 * ids begin (or the id itself, if it is one alone), and both lengths.
 */
final class WordCache {
    /** Longer words are not kept: they hardly come again. */
    static final int LONGEST = 48;

    private static final int SLOTS = 1 << 16;
    private static final int MOST_ENTRIES = SLOTS / 2;
    private static final int CHARACTERS = 1 << 19;
    private static final int IDS = 1 << 17;
    private static final int STRIDE = 4;
    private static final int LENGTHS = 3;

    private final int[] slots = new int[SLOTS * STRIDE];
    private char[] characters = new char[1 << 12];
    private int[] ids = new int[1 << 10];
    private int charactersUsed;
    private int idsUsed;
    private int entries;

    /** The hash of a word; of a run of characters, wherever it lies. */
    static int hash(char[] text, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 0x01000193 + text[i];
        }
        hash *= 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    /** The slot of this word; it {@link #holds} an entry if the word is known. */
    int slot(char[] text, int from, int to, int hash) {
        int at = (hash & SLOTS - 1) * STRIDE;
        while (slots[at + LENGTHS] != 0 && !(slots[at] == hash && isWord(at, text, from, to))) {
            at = at + STRIDE & SLOTS * STRIDE - 1;
        }
        return at;
    }

    private boolean isWord(int slot, char[] text, int from, int to) {
        if (slots[slot + LENGTHS] >>> 16 != to - from) {
            return false;
        }
        int at = slots[slot + 1];
        for (int i = from; i < to; i++) {
            if (characters[at++] != text[i]) {
                return false;
            }
        }
        return true;
    }

    boolean holds(int slot) {
        return slots[slot + LENGTHS] != 0;
    }

    /** How many ids the word in this slot has. */
    int count(int slot) {
        return slots[slot + LENGTHS] & 0xFFFF;
    }

    /** Writes the ids of the word in this slot into a list. */
    void copy(int slot, IdList list) {
        int count = count(slot);
        if (count == 1) {
            list.add(slots[slot + 2]);
        } else {
            list.add(ids, slots[slot + 2], count);
        }
    }

    /** Keeps a word. The slot is the one that {@link #slot} gave for it, and empty. */
    void put(int slot, char[] text, int from, int to, int hash, int[] wordIds, int count) {
        int length = to - from;
        if (entries == MOST_ENTRIES || charactersUsed + length > CHARACTERS || idsUsed + count > IDS) {
            forget();
            put(slot(text, from, to, hash), text, from, to, hash, wordIds, count);
            return;
        }
        if (charactersUsed + length > characters.length) {
            characters = Arrays.copyOf(characters, 2 * characters.length);
        }
        if (idsUsed + count > ids.length) {
            ids = Arrays.copyOf(ids, 2 * ids.length);
        }
        System.arraycopy(text, from, characters, charactersUsed, length);
        slots[slot] = hash;
        slots[slot + 1] = charactersUsed;
        slots[slot + LENGTHS] = length << 16 | count;
        charactersUsed += length;
        entries++;
        if (count == 1) {
            slots[slot + 2] = wordIds[0];
        } else {
            slots[slot + 2] = idsUsed;
            System.arraycopy(wordIds, 0, ids, idsUsed, count);
            idsUsed += count;
        }
    }

    private void forget() {
        Arrays.fill(slots, 0);
        charactersUsed = 0;
        idsUsed = 0;
        entries = 0;
    }
}

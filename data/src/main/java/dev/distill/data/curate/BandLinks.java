package dev.distill.data.curate;

import java.util.Arrays;

/**
 * Finds texts that share a key of {@link Facts.Fingerprint#keys}: those that near duplicates are looked for among. Takes all texts of a
 * key, not only two, so several of these, each with a part of the keys, find together what one would. For one thread.
 */
public final class BandLinks {
    /** From a key to the number of a text that has it. */
    private final LongIntTable holders;

    /** From a text's place to its number here, which counts those that were added. */
    private final LongIntTable numbers = new LongIntTable(1 << 10);

    private final DisjointSets linked = new DisjointSets();
    private int[] places = new int[1 << 10];

    /** @param keys that are added, each counted as often as it is */
    public BandLinks(int keys) {
        this.holders = new LongIntTable(keys);
    }

    /** A text has this key. */
    public void add(long key, int place) {
        int number = number(place);
        int holder = holders.put(key, number);
        if (holder != LongIntTable.NONE && holder != number) {
            linked.union(holder, number);
        }
    }

    private int number(int place) {
        int known = numbers.get(place);
        if (known != LongIntTable.NONE) {
            return known;
        }
        int number = numbers.size();
        numbers.put(place, number);
        if (number == places.length) {
            places = Arrays.copyOf(places, 2 * number);
        }
        places[number] = place;
        return number;
    }

    /** Pairs of linked texts, by their places: each that is not the first that was added of its group, with that one. */
    public int[] pairs() {
        int[] pairs = new int[2 * numbers.size()];
        int size = 0;
        for (int number = 0; number < numbers.size(); number++) {
            int first = linked.find(number);
            if (first != number) {
                pairs[size++] = places[number];
                pairs[size++] = places[first];
            }
        }
        return Arrays.copyOf(pairs, size);
    }
}

package dev.distill.data.curate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds texts that share a key of {@link Facts.Fingerprint#keys}: those that near duplicates are looked for among. Takes all texts of a
 * key, not only two, so several of these, each with a part of the keys, find together what one would. For one thread.
 */
public final class BandLinks {
    private final LastPlaces last;
    private final Map<Integer, Integer> parents = new HashMap<>();

    /** @param most keys that are added, each counted as often as it is */
    public BandLinks(int most) {
        this.last = new LastPlaces(most);
    }

    /** A text has this key. */
    public void add(long key, int place) {
        int before = last.put(key, place);
        if (before >= 0 && before != place) {
            int a = root(before);
            int b = root(place);
            parents.put(Math.max(a, b), Math.min(a, b));
        }
    }

    private int root(int place) {
        int root = place;
        for (int up = parents.getOrDefault(root, root); up != root; up = parents.getOrDefault(root, root)) {
            root = up;
        }
        for (int at = place; at != root; ) {
            int up = parents.getOrDefault(at, root);
            parents.put(at, root);
            at = up;
        }
        return root;
    }

    /** Pairs of linked texts: each that is not the first of its group, with the first. */
    public int[] pairs() {
        int[] pairs = new int[2 * parents.size()];
        int size = 0;
        for (int place :
                parents.keySet().stream().mapToInt(Integer::intValue).sorted().toArray()) {
            int root = root(place);
            if (root != place) {
                pairs[size++] = place;
                pairs[size++] = root;
            }
        }
        return Arrays.copyOf(pairs, size);
    }
}

package dev.distill.data.spark;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Groups of places that are linked, directly or through others. 4 bytes a place. For one thread. */
final class Components {
    private final int[] parents;

    Components(int places) {
        this.parents = IntStream.range(0, places).toArray();
    }

    void link(int a, int b) {
        int first = root(a);
        int second = root(b);
        parents[Math.max(first, second)] = Math.min(first, second);
    }

    private int root(int place) {
        int at = place;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    /** By place the least place of its group; -1 for one that is linked with none. */
    int[] groups() {
        int[] groups = new int[parents.length];
        Arrays.fill(groups, -1);
        for (int place = 0; place < groups.length; place++) {
            int root = root(place);
            if (root != place) {
                groups[place] = root;
                groups[root] = root;
            }
        }
        return groups;
    }
}

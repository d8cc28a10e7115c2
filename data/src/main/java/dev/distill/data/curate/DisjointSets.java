package dev.distill.data.curate;

import java.util.Arrays;

/**
 * Numbers from 0 on in sets that are joined (union-find with path halving), each set named by its least number. 4 bytes a number. For
 * one thread.
 */
public final class DisjointSets {
    /** Of a number one of its set that is no greater: following them leads to the least. */
    private int[] parents = new int[1 << 10];

    private int size;

    /** The least number of the set of this one; a number that was never joined is alone. */
    public int find(int number) {
        if (number >= size) {
            return number;
        }
        int at = number;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    /** Makes the sets of these two one. */
    public void union(int one, int other) {
        reach(Math.max(one, other));
        int a = find(one);
        int b = find(other);
        parents[Math.max(a, b)] = Math.min(a, b);
    }

    /** Of each number below this one the least of its set; -1 for one that is alone. */
    public int[] sets(int numbers) {
        int[] sets = new int[numbers];
        Arrays.fill(sets, -1);
        for (int number = 0; number < size; number++) {
            int least = find(number);
            if (least != number && least < numbers) {
                sets[least] = least;
            }
            if (least != number && number < numbers) {
                sets[number] = least;
            }
        }
        return sets;
    }

    private void reach(int number) {
        if (number >= parents.length) {
            parents = Arrays.copyOf(
                    parents, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(number + 1L, 2L * parents.length)));
        }
        while (size <= number) {
            parents[size] = size++;
        }
    }
}

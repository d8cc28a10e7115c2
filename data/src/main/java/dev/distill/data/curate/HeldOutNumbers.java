package dev.distill.data.curate;

import java.util.Arrays;
import java.util.List;

/**
 * Which numbers of a text may begin the numbers of a held-out question, all sets of a curation together; a set's own {@link
 * NumberIndex} is asked about these only. Built once, read by any number of threads.
 */
final class HeldOutNumbers {
    /** Bits for each question. */
    private static final int BITS = 64;

    private final BitFilter ones;
    private final BitFilter twos;

    HeldOutNumbers(List<NumberIndex> sets) {
        int texts = sets.stream().mapToInt(NumberIndex::size).sum();
        this.ones = new BitFilter(texts, BITS);
        this.twos = new BitFilter(texts, BITS);
        for (NumberIndex set : sets) {
            set.putFirst(ones, twos);
        }
    }

    /** Which numbers of the text may; rising. Every one that does is among them. */
    int[] among(Problem text) {
        int count = text.numbers();
        int[] firsts = new int[count];
        long[] one = text.ones();
        long[] two = text.twos();
        int found = 0;
        for (int first = 0; first < two.length; first++) {
            firsts[found] = first; // written over where it may not
            found += ones.bit(one[first]) | twos.bit(two[first]);
        }
        if (count > 0) {
            firsts[found] = count - 1;
            found += ones.bit(one[count - 1]);
        }
        return Arrays.copyOf(firsts, found);
    }
}

package dev.distill.pipeline;

import dev.distill.data.trace.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Which samples a student is not trained on, so that the validation loss says something: those of whole prompts, never some of one prompt here and
 * some there. Takes 8 bytes a sample.
 */
final class HeldBack {
    /** At most one trace of so many is held back: the others are there to be learnt. */
    private static final int SHARE = 5;

    private static final int HALF = 32;

    /** Hex digits that half of a key has. */
    private static final int DIGITS = HALF / 4;

    private final IntFunction<String> promptOf;
    private final long seed;
    private final BitSet chosen = new BitSet();
    private int left;

    private HeldBack(IntFunction<String> promptOf, int most, long seed) {
        this.promptOf = promptOf;
        this.left = most;
        this.seed = seed;
    }

    /**
     * Whole prompts, in the order of their hashes, so that what else was harvested hardly changes the choice.
     *
     * @param samples how many there are
     * @param promptOf the prompt's id of a sample
     * @param most samples to hold back; fewer where the prompts that are left have too many, or there are few samples
     * @return the numbers of those held back
     */
    static BitSet samples(int samples, IntFunction<String> promptOf, int most, long seed) {
        HeldBack choice = new HeldBack(promptOf, (int) atMost(most, samples), seed);
        if (choice.left > 0) {
            choice.choose(choice.inOrder(samples));
        }
        return choice.chosen;
    }

    /** How many are held back at most. @param wanted by the recipe */
    static long atMost(int wanted, long samples) {
        return Math.min(wanted, samples / SHARE);
    }

    /** The first half of a key begins the prompt's hash, the other half is the sample's number. */
    private long[] inOrder(int samples) {
        long[] keys = new long[samples];
        for (int i = 0; i < samples; i++) {
            int begin = Integer.parseUnsignedInt(hash(i).substring(0, DIGITS), 16);
            keys[i] = (long) (begin ^ Integer.MIN_VALUE) << HALF
                    | i; // numbers with a sign, in the order of those without
        }
        Arrays.sort(keys);
        return keys;
    }

    private void choose(long[] keys) {
        for (int from = 0, to = 0; from < keys.length && left > 0; from = to) {
            SortedMap<String, List<Integer>> byHash = new TreeMap<>(); // two prompts may have one beginning
            for (; to < keys.length && keys[to] >> HALF == keys[from] >> HALF; to++) {
                int sample = (int) keys[to];
                byHash.computeIfAbsent(hash(sample), hash -> new ArrayList<>()).add(sample);
            }
            byHash.values().forEach(this::take);
        }
    }

    private void take(List<Integer> samplesOfOne) {
        if (samplesOfOne.size() <= left) {
            samplesOfOne.forEach(chosen::set);
            left -= samplesOfOne.size();
        }
    }

    private String hash(int sample) {
        return Hash.of(List.of(Long.toString(seed), promptOf.apply(sample)));
    }
}

package dev.distill.data.curate;

import java.util.Arrays;

/**
 * The spans of so many words in a text, and how often each stands there.
 *
 * @param words the text
 * @param length words of a span
 * @param hashes of the spans, the first at word 0
 * @param sorted the same, rising
 */
record Spans(Words words, int length, long[] hashes, long[] sorted) {
    static Spans of(Words words, int length) {
        long[] hashes = words.grams(length);
        long[] sorted = hashes.clone();
        Arrays.sort(sorted);
        return new Spans(words, length, hashes, sorted);
    }

    /** Whether no span stands twice. */
    boolean distinct() {
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                return false;
            }
        }
        return true;
    }

    /** Share of words that lie in spans of prose which stand so many times or more; those of the first time count too. */
    double share(int times) {
        int covered = 0;
        int until = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (count(hashes[i]) >= times && isProse(i)) {
                covered += i + length - Math.max(until, i);
                until = i + length;
            }
        }
        return (double) covered / words.size();
    }

    /** Share of the spans, formulas or not, that stand exactly twice; steps of working may stand more often. */
    double exactlyTwice() {
        int twice = 0;
        for (long hash : hashes) {
            twice += count(hash) == 2 ? 1 : 0;
        }
        return (double) twice / hashes.length;
    }

    private int count(long hash) {
        int found = Arrays.binarySearch(sorted, hash);
        int first = found;
        while (first > 0 && sorted[first - 1] == hash) {
            first--;
        }
        int last = found;
        while (last + 1 < sorted.length && sorted[last + 1] == hash) {
            last++;
        }
        return last - first + 1;
    }

    /** Three of five words or more are words, not parts of a formula that is carried along from line to line. */
    private boolean isProse(int from) {
        int prose = 0;
        for (int i = from; i < from + length; i++) {
            prose += words.isSymbol(i) ? 0 : 1;
        }
        return 5 * prose >= 3 * length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spans s && Arrays.equals(hashes, s.hashes) && length == s.length;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hashes);
    }

    @Override
    public String toString() {
        return hashes.length + " spans of " + length + " words";
    }
}

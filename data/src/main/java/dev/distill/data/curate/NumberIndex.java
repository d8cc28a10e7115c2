package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where all numbers of held-out questions stand side by side in a text. Built once, read by any number of threads. */
final class NumberIndex {
    /** Bits for each question. */
    private static final int TWO_BITS = 32;

    private final List<HeldOutText> texts;

    /** By their only number, their only two or three, their first four. */
    private final List<HashGroups> byFirst = new ArrayList<>();

    /** Of all, the first two, or the only one: a bit for each. Few rows of a text have them, and only these are looked at. */
    private final long[] firstTwo;

    private final int shift;

    /** @param minDigits questions whose numbers have fewer digits together are not looked for */
    NumberIndex(List<HeldOutText> texts, int minDigits) {
        this.texts = texts;
        int room = Math.max(1, Integer.highestOneBit(Math.max(1, texts.size())) * TWO_BITS / Long.SIZE);
        this.firstTwo = new long[room];
        this.shift = Long.numberOfLeadingZeros((long) room * Long.SIZE - 1);
        for (int count = 1; count <= Problem.MAX_KEY; count++) {
            HashGroups.Builder first = new HashGroups.Builder();
            for (int d = 0; d < texts.size(); d++) {
                Problem problem = texts.get(d).problem();
                boolean here = Math.min(Problem.MAX_KEY, problem.numbers()) == count;
                if (here && texts.get(d).digits() >= minDigits) {
                    first.add(problem.key(0, count), d);
                    int bit = (int) (problem.key(0, Math.min(2, count)) >>> shift);
                    firstTwo[bit >>> 6] |= 1L << bit;
                }
            }
            byFirst.add(first.build());
        }
    }

    /**
     * The rows of numbers in a text that are those of a question.
     *
     * @return the question's number, times 2^32, and which number of the text the row begins with; rising
     */
    long[] rows(Problem text) {
        Rows rows = new Rows(text);
        long[] ones = text.ones();
        long[] twos = text.twos();
        HashGroups lone = byFirst.getFirst();
        for (int first = 0; first < ones.length; first++) {
            if (mayBegin(ones[first]) && lone.mayHold(ones[first])) {
                rows.add(1, first, ones[first]);
            }
            if (first < twos.length && mayBegin(twos[first])) {
                long key = twos[first];
                rows.add(2, first, key);
                for (int count = 3; count <= Math.min(Problem.MAX_KEY, text.numbers() - first); count++) {
                    key = text.longer(key, first + count - 1);
                    rows.add(count, first, key);
                }
            }
        }
        return rows.sorted();
    }

    private boolean mayBegin(long key) {
        int bit = (int) (key >>> shift);
        return (firstTwo[bit >>> 6] >>> bit & 1) != 0;
    }

    /** The rows that were found so far. */
    private final class Rows {
        private final Problem text;
        private long[] found = new long[0];
        private int size;

        Rows(Problem text) {
            this.text = text;
        }

        /** Adds those that begin with this number and belong to questions found by so many, which have this key. */
        void add(int count, int first, long key) {
            HashGroups with = byFirst.get(count - 1);
            int group = with.find(key);
            for (int i = group < 0 ? 0 : with.from(group); group >= 0 && i < with.to(group); i++) {
                Problem question = texts.get(with.value(i)).problem();
                if (first + question.numbers() <= text.numbers() && text.hasNumbersOf(question, first)) {
                    found = size == found.length ? Arrays.copyOf(found, 2 * size + 4) : found;
                    found[size++] = (long) with.value(i) << Integer.SIZE | first;
                }
            }
        }

        long[] sorted() {
            long[] rows = Arrays.copyOf(found, size);
            Arrays.sort(rows);
            return rows;
        }
    }
}

package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where all numbers of held-out questions stand side by side in a text. Built once, read by any number of threads. */
final class NumberIndex {
    private final List<HeldOutText> texts;

    /** By their only number, their only two or three, their first four. */
    private final List<HashGroups> byFirst = new ArrayList<>();

    /** Of all, the first two: few rows of a text have them, and only these are looked at. */
    private final HashGroups firstTwo;

    /** @param minDigits questions whose numbers have fewer digits together are not looked for */
    NumberIndex(List<HeldOutText> texts, int minDigits) {
        this.texts = texts;
        HashGroups.Builder two = new HashGroups.Builder();
        for (int count = 1; count <= Problem.MAX_KEY; count++) {
            HashGroups.Builder first = new HashGroups.Builder();
            for (int d = 0; d < texts.size(); d++) {
                Problem problem = texts.get(d).problem();
                boolean here = Math.min(Problem.MAX_KEY, problem.numbers()) == count;
                if (here && texts.get(d).digits() >= minDigits) {
                    first.add(problem.keys(count)[0], d);
                    two.add(problem.keys(Math.min(2, count))[0], d);
                }
            }
            byFirst.add(first.build());
        }
        this.firstTwo = two.build();
    }

    /**
     * The rows of numbers in a text that are those of a question.
     *
     * @return the question's number, times 2^32, and which number of the text the row begins with; rising
     */
    long[] rows(Problem text) {
        Rows rows = new Rows(text);
        long[] ones = text.keys(1);
        long[] twos = text.keys(2);
        for (int first = 0; first < ones.length; first++) {
            rows.add(1, first);
            if (first < twos.length && firstTwo.mayHold(twos[first])) {
                for (int count = 2; count <= Math.min(Problem.MAX_KEY, text.numbers() - first); count++) {
                    rows.add(count, first);
                }
            }
        }
        return rows.sorted();
    }

    /** The rows that were found so far. */
    private final class Rows {
        private final Problem text;
        private long[] found = new long[0];
        private int size;

        Rows(Problem text) {
            this.text = text;
        }

        /** Adds those that begin with this number and belong to questions found by so many. */
        void add(int count, int first) {
            HashGroups with = byFirst.get(count - 1);
            int group = with.find(text.keys(count)[first]);
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

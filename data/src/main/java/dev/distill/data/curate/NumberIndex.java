package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where all numbers of held-out questions stand side by side in a text. Built once, read by any number of threads. */
final class NumberIndex {
    /** Bits for each question. */
    private static final int BITS = 32;

    private final List<HeldOutText> texts;

    /** By their only number, their only two or three, their first four. */
    private final List<HashGroups> byFirst = new ArrayList<>();

    /** Of all, the first two, or the only one. Few rows of a text have them, and only these are looked at. */
    private final BitFilter firstTwo;

    private final int minDigits;

    /** @param minDigits questions whose numbers have fewer digits together are not looked for */
    NumberIndex(List<HeldOutText> texts, int minDigits) {
        this.texts = texts;
        this.minDigits = minDigits;
        this.firstTwo = new BitFilter(texts.size(), BITS);
        putFirst(firstTwo, firstTwo);
        for (int count = 1; count <= Problem.MAX_KEY; count++) {
            HashGroups.Builder first = new HashGroups.Builder();
            for (int d = 0; d < texts.size(); d++) {
                Problem problem = texts.get(d).problem();
                if (isSought(d) && Math.min(Problem.MAX_KEY, problem.numbers()) == count) {
                    first.add(problem.key(0, count), d);
                }
            }
            byFirst.add(first.build());
        }
    }

    private boolean isSought(int document) {
        HeldOutText text = texts.get(document);
        return text.problem().numbers() > 0 && text.digits() >= minDigits;
    }

    /** How many questions there are, those among them that are not looked for. */
    int size() {
        return texts.size();
    }

    /** Puts down of each question its only number, or its first two. */
    void putFirst(BitFilter ones, BitFilter twos) {
        for (int d = 0; d < texts.size(); d++) {
            if (isSought(d)) {
                Problem problem = texts.get(d).problem();
                int count = Math.min(2, problem.numbers());
                (count == 1 ? ones : twos).put(problem.key(0, count));
            }
        }
    }

    /**
     * The rows of numbers in a text that are those of a question.
     *
     * @return the question's number, times 2^32, and which number of the text the row begins with; rising
     */
    long[] rows(Problem text) {
        Rows rows = new Rows(text);
        for (int first = 0; first < text.numbers(); first++) {
            rows.addAll(first);
        }
        return rows.sorted();
    }

    /**
     * The same where it is known where rows may begin.
     *
     * @param firsts {@link HeldOutNumbers#among} this text
     */
    long[] rows(Problem text, int[] firsts) {
        Rows rows = new Rows(text);
        for (int first : firsts) {
            rows.addAll(first);
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

        /** Adds those that begin with this number. */
        void addAll(int first) {
            long one = text.ones()[first];
            if (firstTwo.bit(one) != 0) {
                add(1, first, one);
            }
            long key = first < text.twos().length ? text.twos()[first] : 0;
            if (first < text.twos().length && firstTwo.bit(key) != 0) {
                add(2, first, key);
                for (int count = 3; count <= Math.min(Problem.MAX_KEY, text.numbers() - first); count++) {
                    key = text.longer(key, first + count - 1);
                    add(count, first, key);
                }
            }
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

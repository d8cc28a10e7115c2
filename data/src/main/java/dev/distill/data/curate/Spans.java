package dev.distill.data.curate;

/**
 * The spans of so many words in a text, and how often each stands there.
 *
 * @param words the text
 * @param length words of a span
 * @param counts how often the span stands that begins at this word; all 1 where none stands twice
 */
record Spans(Words words, int length, int[] counts) {
    static Spans of(Reading text, int length) {
        Words words = text.words();
        long[] hashes = text.grams(length);
        LongIntTable all = new LongIntTable(hashes.length);
        for (long hash : hashes) {
            all.count(hash);
        }
        int[] counts = new int[hashes.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = all.get(hashes[i]) + 1;
        }
        return new Spans(words, length, counts);
    }

    /** Share of words that lie in spans of prose which stand so many times or more; those of the first time count too. */
    double share(int times) {
        int covered = 0;
        int until = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] >= times && isProse(i)) {
                covered += i + length - Math.max(until, i);
                until = i + length;
            }
        }
        return (double) covered / words.size();
    }

    /** Share of the spans, formulas or not, that stand exactly twice; steps of working may stand more often. */
    double exactlyTwice() {
        int twice = 0;
        for (int count : counts) {
            twice += count == 2 ? 1 : 0;
        }
        return (double) twice / counts.length;
    }

    /** Three of five words or more are words, not parts of a formula that is carried along from line to line. */
    private boolean isProse(int from) {
        int prose = 0;
        for (int i = from; i < from + length; i++) {
            prose += Loop.isProse(words, i) ? 1 : 0;
        }
        return 5 * prose >= 3 * length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spans s && words.key() == s.words.key() && length == s.length;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(words.key());
    }

    @Override
    public String toString() {
        return counts.length + " spans of " + length + " words";
    }
}

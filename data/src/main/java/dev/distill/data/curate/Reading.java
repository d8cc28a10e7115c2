package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text with what several filters ask of it, each made when it is first asked for and then kept: its characters, its
 * {@link Words}, its words by language, its phrases' form. For one thread at a time.
 */
final class Reading {
    private static final int ASCII = 128;

    private record Grams(int n, long[] hashes) {}

    private record HeldOut(HeldOutGrams in, long[] hashes) {}

    private record RowStarts(HeldOutNumbers in, int[] firsts) {}

    private final String text;
    private final char[] chars;

    /** By the lowest bits of a character, whether the text has it or another one that ends so. Made when asked for. */
    private boolean @Nullable [] seen;

    private final boolean ascii;
    private final List<Grams> grams = new ArrayList<>();
    private @Nullable Words words;
    private @Nullable LanguageCount languages;
    private @Nullable PhraseText phrases;
    private @Nullable Problem problem;
    private @Nullable HeldOut heldOut;
    private @Nullable RowStarts rowStarts;

    private Reading(String text) {
        this.text = text;
        this.chars = text.toCharArray();
        int all = 0;
        for (char c : chars) {
            all |= c;
        }
        this.ascii = all < ASCII;
    }

    static Reading of(String text) {
        return new Reading(text);
    }

    String text() {
        return text;
    }

    /** Of the text; not to be changed. */
    char[] chars() {
        return chars;
    }

    /** Whether the text has no character beyond ASCII. */
    boolean isAscii() {
        return ascii;
    }

    /** False where this character of ASCII does not stand in the text; true where it does, and now and then where it does not. */
    boolean mayHave(char c) {
        if (seen == null) {
            seen = new boolean[ASCII];
            for (char each : chars) {
                seen[each & (ASCII - 1)] = true;
            }
        }
        return seen[c];
    }

    Words words() {
        if (words == null) {
            words = ascii ? Words.ofAscii(chars) : Words.of(chars);
        }
        return words;
    }

    LanguageCount languages() {
        if (languages == null) {
            languages = LanguageCount.of(chars);
        }
        return languages;
    }

    PhraseText phrases() {
        if (phrases == null) {
            phrases = PhraseText.of(text);
        }
        return phrases;
    }

    /** {@link Words#grams}; not to be changed. */
    long[] grams(int n) {
        for (Grams made : grams) {
            if (made.n() == n) {
                return made.hashes();
            }
        }
        Grams made = new Grams(n, words().grams(n));
        grams.add(made);
        return made.hashes();
    }

    Problem problem() {
        if (problem == null) {
            problem = Problem.of(words());
        }
        return problem;
    }

    /** {@link HeldOutGrams#among}; not to be changed. */
    long[] heldOut(HeldOutGrams in) {
        if (heldOut == null || heldOut.in() != in) {
            heldOut = new HeldOut(in, in.among(words()));
        }
        return heldOut.hashes();
    }

    /** {@link HeldOutNumbers#among}; not to be changed. */
    int[] rowStarts(HeldOutNumbers in) {
        if (rowStarts == null || rowStarts.in() != in) {
            rowStarts = new RowStarts(in, in.among(problem()));
        }
        return rowStarts.firsts();
    }
}

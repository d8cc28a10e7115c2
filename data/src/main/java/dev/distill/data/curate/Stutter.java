package dev.distill.data.curate;

import org.jspecify.annotations.Nullable;

/** Finds loops inside a word: a character again and again (aaaaaaaa, !!!!!!!!!!!!), or a syllable (thethethethe). */
final class Stutter {
    /** Most letters and signs of one kind in a row: hmmmmm is honest. Lines are drawn with {@link #LINES}. */
    private static final int LETTERS = 7;

    private static final int SIGNS = 11;
    private static final int LINE = 200;

    /** 10^300 written out is as far as an honest number goes. */
    private static final int DIGITS = 300;

    /** Most of one sign with nothing but spaces and line breaks between. */
    private static final int SPACED = 24;

    /** Lines of tables, and marks of lists. */
    private static final String RULES = "-=_*#~─═━│\\&|";

    private static final String LINES = "-=_*#~.·…─═━│ \t\n\r\\&|";

    /** Letters of a word from which on a syllable that fills it three times or more is a loop. */
    private static final int WORD = 12;

    private Stutter() {}

    static @Nullable String find(char[] text) {
        int run = 0;
        int word = 0;
        int last = -1;
        int sign = -1;
        int spaced = 0;
        for (int i = 0; i < text.length; i++) {
            int start = i;
            int c = text[i];
            if (Character.isHighSurrogate(text[i]) && i + 1 < text.length && Character.isLowSurrogate(text[i + 1])) {
                c = Character.toCodePoint(text[i], text[++i]);
            }
            boolean letter = isLetter(c);
            if (!letter && word >= WORD) {
                String syllables = syllables(text, start, word);
                if (syllables != null) {
                    return syllables;
                }
            }
            word = letter ? word + i + 1 - start : 0;
            run = c == last ? run + 1 : 1;
            last = c;
            if (run > LETTERS && run > most(c) && !Character.isWhitespace(c)) {
                int length = run * Character.charCount(c);
                return new String(text, i + 1 - length, length);
            }
            if (!Character.isWhitespace(c)) {
                spaced = c == sign ? spaced + 1 : 1;
                sign = c;
                if (spaced > SPACED && !Character.isLetterOrDigit(c) && RULES.indexOf(c) < 0) {
                    return Character.toString(c);
                }
            }
        }
        return word >= WORD ? syllables(text, text.length, word) : null;
    }

    private static boolean isLetter(int c) {
        return c < 128 ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') : Character.isLetter(c);
    }

    /** Three rounds of the syllable that fills the word which ends here; null where none does. */
    private static @Nullable String syllables(char[] text, int end, int word) {
        if (Scripts.isUnspaced(Character.codePointBefore(text, end))) {
            return null;
        }
        int period = period(text, end - word, end);
        return 3 * period <= word ? new String(text, end - word, 3 * period) : null;
    }

    private static int most(int c) {
        return Character.isLetter(c) ? LETTERS : Character.isDigit(c) ? DIGITS : LINES.indexOf(c) >= 0 ? LINE : SIGNS;
    }

    /** The shortest period of a word, by the prefix function of Knuth, Morris and Pratt (1977). */
    private static int period(char[] text, int from, int to) {
        int[] border = new int[to - from];
        for (int i = 1; i < border.length; i++) {
            int length = border[i - 1];
            while (length > 0 && text[from + i] != text[from + length]) {
                length = border[length - 1];
            }
            border[i] = length + (text[from + i] == text[from + length] ? 1 : 0);
        }
        return border.length - border[border.length - 1];
    }
}

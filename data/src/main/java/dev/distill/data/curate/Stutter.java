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

    static @Nullable String find(String text) {
        int run = 1;
        int word = 0;
        int before = -1;
        int sign = -1;
        int spaced = 0;
        int end;
        for (int i = 0; i < text.length(); i = end) {
            int c = text.codePointAt(i);
            end = i + Character.charCount(c);
            boolean letter = Character.isLetter(c);
            run = c == before ? run + 1 : 1;
            before = c;
            if (run > LETTERS && run > most(c) && !Character.isWhitespace(c)) {
                return text.substring(end - run * Character.charCount(c), end);
            }
            if (!Character.isWhitespace(c)) {
                spaced = c == sign ? spaced + 1 : 1;
                sign = c;
                if (spaced > SPACED && !Character.isLetterOrDigit(c) && RULES.indexOf(c) < 0) {
                    return Character.toString(c);
                }
            }
            word = letter ? word + end - i : 0;
            boolean ends = letter && (end == text.length() || !Character.isLetter(text.codePointAt(end)));
            if (ends && word >= WORD && !Scripts.isUnspaced(c)) {
                int period = period(text, end - word, end);
                if (3 * period <= word) {
                    return text.substring(end - word, end - word + 3 * period);
                }
            }
        }
        return null;
    }

    private static int most(int c) {
        return Character.isLetter(c) ? LETTERS : Character.isDigit(c) ? DIGITS : LINES.indexOf(c) >= 0 ? LINE : SIGNS;
    }

    /** The shortest period of a word, by the prefix function of Knuth, Morris and Pratt (1977). */
    private static int period(String text, int from, int to) {
        int[] border = new int[to - from];
        for (int i = 1; i < border.length; i++) {
            int length = border[i - 1];
            while (length > 0 && text.charAt(from + i) != text.charAt(from + length)) {
                length = border[length - 1];
            }
            border[i] = length + (text.charAt(from + i) == text.charAt(from + length) ? 1 : 0);
        }
        return border.length - border[border.length - 1];
    }
}

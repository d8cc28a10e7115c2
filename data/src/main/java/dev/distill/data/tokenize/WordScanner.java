package dev.distill.data.tokenize;

import static dev.distill.data.tokenize.CharClass.LETTER;
import static dev.distill.data.tokenize.CharClass.MARK;
import static dev.distill.data.tokenize.CharClass.NEWLINE;
import static dev.distill.data.tokenize.CharClass.NUMBER;
import static dev.distill.data.tokenize.CharClass.OTHER;
import static dev.distill.data.tokenize.CharClass.SIGN;
import static dev.distill.data.tokenize.CharClass.SPACE;

/**
 * Cuts a text into words as a regular expression of a {@code tokenizer.json} does, in one pass and without going back. What the
 * expression matches is a word, and so is what lies between two matches. An expression sees a part that an earlier step has
 * cut out as a text of its own: at {@code to} it ends.
 */
sealed interface WordScanner {
    /**
     * The end of the word that begins at {@code from}, beyond {@code from}.
     *
     * @param text without lone surrogates
     * @param to the end of the part that is cut up, beyond {@code from}
     */
    int end(char[] text, int from, int to);

    /**
     * GPT-4's words, as Qwen and Llama 3 have them: English endings, letters with one sign or space before, a few digits, signs
     * with a space before and line breaks behind, white space up to its last line break, or all but the last of it.
     *
     * @param digits the most that a word has
     * @param letters the classes of which words are made: letters, or letters and marks
     */
    record Gpt4(int digits, int letters) implements WordScanner {
        @Override
        public int end(char[] text, int from, int to) {
            int kind = CharClass.at(text, from);
            int next = CharClass.after(text, from);
            if (text[from] == '\'') {
                int ending = ending(text, from, to, true);
                if (ending > 0) {
                    return ending;
                }
            }
            if ((kind & letters) != 0) {
                return CharClass.skip(text, next, to, letters);
            }
            if ((kind & NUMBER) != 0) {
                return numbers(text, from, to, digits);
            }
            if ((kind & NEWLINE) == 0 && next < to && (CharClass.at(text, next) & letters) != 0) {
                return CharClass.skip(text, next, to, letters);
            }
            int signs = (SIGN | OTHER | MARK) & ~letters;
            int end = CharClass.skip(text, text[from] == ' ' ? next : from, to, signs);
            if ((kind & SPACE) == 0 || end > next) {
                return CharClass.skip(text, end, to, NEWLINE);
            }
            return spaces(text, from, to, true);
        }
    }

    /** GPT-2's words: English endings, letters, numbers or signs, each with a space before, or white space, all but the last of it. */
    record Gpt2() implements WordScanner {
        @Override
        public int end(char[] text, int from, int to) {
            if (text[from] == '\'') {
                int ending = ending(text, from, to, false);
                if (ending > 0) {
                    return ending;
                }
            }
            int begin = text[from] == ' ' && from + 1 < to ? from + 1 : from;
            int kind = CharClass.at(text, begin);
            if ((kind & SPACE) != 0) {
                return spaces(text, from, to, false);
            }
            boolean sign = (kind & (LETTER | NUMBER)) == 0;
            return CharClass.skip(text, begin, to, sign ? SIGN | OTHER | MARK : kind);
        }
    }

    /**
     * DeepSeek-V3's words, its third step: a sign of ASCII with letters of ASCII behind, letters and marks with one character
     * before, signs with a space before and line breaks behind, white space as {@link Gpt4}'s. Numbers and controls match nothing.
     */
    record DeepSeek() implements WordScanner {
        private static final int WORD = LETTER | MARK;

        @Override
        public int end(char[] text, int from, int to) {
            int kind = CharClass.at(text, from);
            int next = CharClass.after(text, from);
            if (text[from] < 0x80 && (kind & SIGN) != 0 && next < to && isLatin(text[next])) {
                int end = next;
                while (end < to && isLatin(text[end])) {
                    end++;
                }
                return end;
            }
            boolean before = (kind & (NEWLINE | LETTER | SIGN)) == 0;
            if ((kind & WORD) != 0 || (before && isAt(text, next, to, WORD))) {
                return CharClass.skip(text, next, to, WORD);
            }
            int end = CharClass.skip(text, text[from] == ' ' ? next : from, to, SIGN);
            if ((kind & SIGN) != 0 || end > next) {
                return CharClass.skip(text, end, to, NEWLINE);
            }
            return (kind & SPACE) != 0 ? spaces(text, from, to, true) : unmatched(text, next, to);
        }

        /** Up to where something matches: anything but a number or a control, or one of these before a word. */
        private static int unmatched(char[] text, int from, int to) {
            int at = from;
            while (isAt(text, at, to, OTHER | NUMBER) && !isAt(text, CharClass.after(text, at), to, WORD)) {
                at = CharClass.after(text, at);
            }
            return at;
        }

        private static boolean isLatin(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }
    }

    /** Numbers of so many digits at most, and what lies between them. */
    record Numbers(int digits) implements WordScanner {
        @Override
        public int end(char[] text, int from, int to) {
            return (CharClass.at(text, from) & NUMBER) != 0
                    ? numbers(text, from, to, digits)
                    : CharClass.skip(text, from, to, ~NUMBER);
        }
    }

    /**
     * The step {@code Digits}: runs of so many digits at most, and what lies between them. What a digit is says Rust, whose Unicode (17)
     * is newer than that of expressions.
     */
    record Digits(int most) implements WordScanner {
        @Override
        public int end(char[] text, int from, int to) {
            boolean inside = isDigit(text, from);
            int at = CharClass.after(text, from);
            for (int count = 1; at < to && isDigit(text, at) == inside && (!inside || count < most); count++) {
                at = CharClass.after(text, at);
            }
            return at;
        }

        private static boolean isDigit(char[] text, int at) {
            if ((CharClass.at(text, at) & NUMBER) != 0) {
                return true;
            }
            int c = Character.isHighSurrogate(text[at]) ? Character.toCodePoint(text[at], text[at + 1]) : 0;
            return (c >= 0x11DE0 && c <= 0x11DE9) || (c >= 0x16FF4 && c <= 0x16FF6);
        }
    }

    /** Runs of Chinese and Japanese, and what lies between them: DeepSeek-V3's second step. */
    record EastAsian() implements WordScanner {
        @Override
        public int end(char[] text, int from, int to) {
            boolean inside = isIn(text[from]);
            int at = from + 1;
            while (at < to && isIn(text[at]) == inside) {
                at++;
            }
            return at;
        }

        private static boolean isIn(char c) {
            return (c >= 0x4E00 && c <= 0x9FA5) || (c >= 0x3040 && c <= 0x30FF);
        }
    }

    private static boolean isAt(char[] text, int at, int to, int classes) {
        return at < to && (CharClass.at(text, at) & classes) != 0;
    }

    private static int numbers(char[] text, int from, int to, int most) {
        int at = from;
        for (int count = 0; count < most && isAt(text, at, to, NUMBER); count++) {
            at = CharClass.after(text, at);
        }
        return at;
    }

    /**
     * {@code 's|'t|'re|'ve|'m|'ll|'d} after the apostrophe at this place; -1 where there is none of them.
     *
     * @param anyCase by Unicode's simple folding, by which a long s is an s
     */
    private static int ending(char[] text, int from, int to, boolean anyCase) {
        char first = from + 1 < to ? folded(text[from + 1], anyCase) : 0;
        char second = from + 2 < to ? folded(text[from + 2], anyCase) : 0;
        return switch (first) {
            case 's', 't', 'm', 'd' -> from + 2;
            case 'r', 'v' -> second == 'e' ? from + 3 : -1;
            case 'l' -> second == 'l' ? from + 3 : -1;
            default -> -1;
        };
    }

    private static char folded(char c, boolean anyCase) {
        if (!anyCase) {
            return c;
        }
        return c == 0x17F ? 's' : c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
    }

    /** {@code \s*[\r\n]+|\s+(?!\S)|\s+}, the first of them only where line breaks end a word. */
    private static int spaces(char[] text, int from, int to, boolean lineBreaks) {
        int end = CharClass.skip(text, from, to, SPACE);
        if (lineBreaks) {
            for (int at = end; at > from; at--) {
                if ((CharClass.at(text, at - 1) & NEWLINE) != 0) {
                    return at;
                }
            }
        }
        return end == to || end == from + 1 ? end : end - 1;
    }
}

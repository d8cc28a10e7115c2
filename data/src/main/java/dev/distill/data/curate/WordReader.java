package dev.distill.data.curate;

import static dev.distill.data.curate.Spelling.NO_HASH;
import static dev.distill.data.curate.Spelling.step;

/**
 * Reads the words of a text one after the other and folds each into a hash as it goes, so that no text of a word is made
 * before someone asks for its {@link Spelling}. What a word is, {@link Words} says.
 */
final class WordReader {
    /** Flags of a word: it is a number. */
    static final int NUMBER = 1;

    /** An operator or a sign of comparison. */
    static final int SIGN = 2;

    /** A number, a sign, a letter alone or a LaTeX command: part of a formula. */
    static final int SYMBOL = 4;

    /** Punctuation stands before it. */
    static final int AFTER_BREAK = 8;

    /** A number with a point in it and a zero at its end. */
    static final int ENDS_IN_ZERO = 16;

    /** A number of more than one character. */
    static final int LONG_NUMBER = 32;

    private static final long LONE_A = step(NO_HASH, 'a');

    private final char[] text;
    private int at;
    private boolean broken;
    private int start;
    private long hash;
    private int flags;
    private int digits;

    /** @param text in Unicode's form NFKC */
    WordReader(char[] text) {
        this(text, 0);
    }

    /** Reads from a place on. */
    WordReader(char[] text, int at) {
        this.text = text;
        this.at = at;
    }

    /** Goes on to the next word; false where there is none. */
    boolean next() {
        digits = 0;
        while (at < text.length) {
            start = at;
            boolean found = false;
            switch (CharKind.at(text, at)) {
                case CharKind.LETTER -> found = plainLetters() || letters();
                case CharKind.DIGIT -> found = number();
                case CharKind.COMMAND -> found = command();
                case CharKind.MARK -> found = sign();
                case CharKind.BREAK -> {
                    broken = true;
                    at++;
                }
                default -> at++;
            }
            if (found) {
                hash = Words.mixed(hash);
                flags |= broken ? AFTER_BREAK : 0;
                broken = false;
                return true;
            }
        }
        return false;
    }

    /** Where the word begins that was read last. */
    int start() {
        return start;
    }

    /** Behind the word. */
    int end() {
        return at;
    }

    long hash() {
        return hash;
    }

    int flags() {
        return flags;
    }

    /** Characters of a number, its point included and commas left out; 0 for other words. */
    int digits() {
        return digits;
    }

    /** Whether punctuation stands behind the word that was read last. */
    boolean isBroken() {
        return broken;
    }

    /** Letters of ASCII, up to something else of ASCII; false where it takes more to tell where the word ends. */
    private boolean plainLetters() {
        char[] chars = text; // locals, for this loop runs over most characters of every trace
        long read = NO_HASH;
        int i = start;
        char c = chars[i];
        while (CharKind.isAsciiLetter(c)) {
            read = step(read, c | 0x20);
            i++;
            c = i < chars.length ? chars[i] : ' ';
        }
        if (!CharKind.isAscii(c) || c == '\'') {
            return false;
        }
        at = i;
        hash = read;
        flags = i - start == 1 && read != LONE_A ? SYMBOL : 0;
        return true;
    }

    private boolean letters() {
        int first = Character.codePointAt(text, start);
        if (Scripts.isUnspaced(first)) {
            at += Character.charCount(first);
            hash = step(NO_HASH, Character.toString(first));
            flags = at - start == 1 ? SYMBOL : 0;
            return true;
        }
        long read = NO_HASH;
        int length = 0;
        int i = start;
        while (i < text.length) {
            char c = text[i];
            if (CharKind.isAsciiLetter(c)) {
                read = step(read, c | 0x20);
                length++;
                i++;
            } else if (c == '\'' || c == '’') {
                if (!CharKind.isLetter(text, i + 1)) {
                    break;
                }
                i++;
            } else if (CharKind.isAscii(c)) {
                break;
            } else {
                int other = Character.codePointAt(text, i);
                if (!isOfWord(other)) {
                    break;
                }
                String lower = Character.toString(Character.toLowerCase(other));
                read = step(read, lower);
                length += lower.length();
                i += Character.charCount(other);
            }
        }
        at = i;
        hash = read;
        flags = length == 1 && read != LONE_A ? SYMBOL : 0;
        return true;
    }

    private static boolean isOfWord(int c) {
        return (Character.isLetter(c) && !Scripts.isUnspaced(c)) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private boolean number() {
        long read = NO_HASH;
        boolean point = false;
        int commas = 0;
        char last = 0;
        int i = start;
        while (i < text.length) {
            char c = text[i];
            if ((c >= '0' && c <= '9') || (c == '.' && isDigit(i + 1))) {
                point |= c == '.';
                read = step(read, c);
            } else if (!CharKind.isAscii(c) && isDigit(i)) {
                read = step(read, c);
                if (Character.isHighSurrogate(c)) {
                    read = step(read, text[++i]);
                }
            } else if (c != ',' || !isDigit(i + 1) || !isDigit(i + 2) || !isDigit(i + 3)) {
                break;
            } else {
                commas++;
            }
            last = c;
            i++;
        }
        at = i;
        digits = i - start - commas;
        hash = read;
        flags = NUMBER | SYMBOL | (point && last == '0' ? ENDS_IN_ZERO : 0) | (digits > 1 ? LONG_NUMBER : 0);
        return true;
    }

    private boolean command() {
        long read = step(NO_HASH, '\\');
        int i = start + 1;
        while (i < text.length && CharKind.isAsciiLetter(text[i])) {
            read = step(read, text[i]);
            i++;
        }
        at = i == start + 1 ? Math.min(start + 2, text.length) : i;
        String other = Spelling.ofCommand(Words.mixed(read));
        hash = other == null ? read : step(NO_HASH, other);
        flags = SYMBOL | ("*".equals(other) ? SIGN : 0);
        return i > start + 1 && (other == null || !other.isEmpty());
    }

    private boolean sign() {
        char ascii = text[start];
        if (CharKind.isAscii(ascii) && ascii != '-' && ascii != '*') {
            at++;
            hash = step(NO_HASH, ascii);
            flags = SIGN | SYMBOL;
            return true;
        }
        int c = Character.codePointAt(text, start);
        at += Character.charCount(c);
        int folded = Spelling.ofSign(c);
        boolean none = folded == '-'
                ? CharKind.isHyphen(text, start)
                : c == '*' ? CharKind.isMarkdown(text, start) : !CharKind.isSign(folded);
        if (none) {
            broken |= CharKind.isBreak(c);
            return false;
        }
        hash = step(NO_HASH, folded);
        flags = SIGN | SYMBOL;
        return true;
    }

    private boolean isDigit(int index) {
        return CharKind.isDigit(text, index);
    }
}

package dev.distill.data.tokenize;

/**
 * The classes of characters in which the word patterns of tokenizers speak: each character has one of them.
 *
 * <p>They are Java's, and those of Hugging Face's library (Oniguruma), where both know the same Unicode: 16 in Java 25 and in
 * tokenizers 0.21 to 0.23. A test compares all code points.
 */
final class CharClass {
    /** {@code \p{L}}. */
    static final int LETTER = 1;
    /** {@code \p{M}}. */
    static final int MARK = 2;
    /** {@code \p{N}}. */
    static final int NUMBER = 4;
    /** {@code \s}, Unicode's White_Space. */
    static final int SPACE = 8;
    /** {@code \p{P}} and {@code \p{S}}. */
    static final int SIGN = 16;
    /** None of the others: controls, formats, private and unassigned characters. */
    static final int OTHER = 32;
    /** {@code [\r\n]}, beside {@link #SPACE}. */
    static final int NEWLINE = 64;

    /** Marks half a surrogate pair in the table. */
    private static final byte SURROGATE = Byte.MIN_VALUE;

    private static final byte[] BASIC = basic();

    private CharClass() {}

    private static byte[] basic() {
        byte[] classes = new byte[1 << 16];
        for (int c = 0; c < classes.length; c++) {
            classes[c] = Character.isSurrogate((char) c) ? SURROGATE : (byte) ofCodePoint(c);
        }
        return classes;
    }

    /** The bits of this code point. */
    static int ofCodePoint(int c) {
        if (c == '\r' || c == '\n') {
            return SPACE | NEWLINE;
        }
        if (isSpace(c)) {
            return SPACE;
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> MARK;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL -> SIGN;
            default -> OTHER;
        };
    }

    private static boolean isSpace(int c) {
        return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
    }

    /** The bits of the character at this place of a text without lone surrogates. */
    static int at(char[] text, int at) {
        int bits = BASIC[text[at]];
        return bits >= 0 ? bits : ofCodePoint(Character.toCodePoint(text[at], text[at + 1]));
    }

    /** Where the character after the one at this place begins. */
    static int after(char[] text, int at) {
        return BASIC[text[at]] >= 0 ? at + 1 : at + 2;
    }

    /** The end of the run of characters of these classes that begins here; {@code from} itself where there is none. */
    static int skip(char[] text, int from, int to, int classes) {
        int at = from;
        while (at < to && (at(text, at) & classes) != 0) {
            at = after(text, at);
        }
        return at;
    }

    /** {@code \w} of Rust's regex crate: letters, marks, digits, connectors, and the two joiners. */
    static boolean isWord(int c) {
        return Character.isAlphabetic(c)
                || (ofCodePoint(c) & MARK) != 0
                || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
                || Character.getType(c) == Character.CONNECTOR_PUNCTUATION
                || c == 0x200C
                || c == 0x200D;
    }
}

package dev.distill.data.curate;

/** What a word may begin with, as {@link WordReader} tells it from a character. */
final class CharKind {
    static final byte NOTHING = 0;
    static final byte LETTER = 1;
    static final byte DIGIT = 2;

    /** A LaTeX command. */
    static final byte COMMAND = 3;

    /** An operator or a sign of comparison, or no word, by what stands beside it. */
    static final byte MARK = 4;

    /** Punctuation that ends a sentence or a part of one. */
    static final byte BREAK = 5;

    private static final String SIGNS = "+-*/=<>^%≤≥≠±√∞";
    private static final String BREAKS = ",;:.?!。，？：\n";
    private static final byte[] ASCII = new byte[128];

    static {
        for (char c = 0; c < ASCII.length; c++) {
            if (Character.isLetterOrDigit(c)) {
                ASCII[c] = Character.isLetter(c) ? LETTER : DIGIT;
            } else if (isSign(c)) {
                ASCII[c] = MARK;
            } else {
                ASCII[c] = c == '\\' ? COMMAND : isBreak(c) ? BREAK : NOTHING;
            }
        }
    }

    private CharKind() {}

    /** Of the character that stands here. */
    static byte at(char[] text, int at) {
        char c = text[at];
        if (isAscii(c)) {
            return ASCII[c];
        }
        int other = Character.codePointAt(text, at);
        return Character.isLetter(other) ? LETTER : Character.isDigit(other) ? DIGIT : MARK;
    }

    static boolean isAscii(char c) {
        return c < ASCII.length;
    }

    static boolean isAsciiLetter(char c) {
        return isAscii(c) && ASCII[c] == LETTER;
    }

    static boolean isSign(int c) {
        return SIGNS.indexOf(c) >= 0;
    }

    static boolean isBreak(int c) {
        return BREAKS.indexOf(c) >= 0;
    }

    static boolean isLetter(char[] text, int index) {
        return index < text.length && Character.isLetter(text[index]);
    }

    static boolean isDigit(char[] text, int index) {
        return index < text.length && Character.isDigit(Character.codePointAt(text, index));
    }

    /** Whether the dash here is a hyphen or begins an item of a list, and is no minus sign. */
    static boolean isHyphen(char[] text, int at) {
        boolean wordBefore = at > 0 && Character.isLetter(text[at - 1]);
        boolean letter = isLetter(text, at + 1);
        boolean listItem = at == 0 || text[at - 1] == '\n';
        return (wordBefore && letter) || (letter && isLetter(text, at + 2)) || listItem;
    }

    /** Whether the asterisk here is one of several, as around what is set in bold. */
    static boolean isMarkdown(char[] text, int at) {
        return (at > 0 && text[at - 1] == '*') || (at + 1 < text.length && text[at + 1] == '*');
    }
}

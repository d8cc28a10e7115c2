package dev.distill.data.curate;

import org.jspecify.annotations.Nullable;

/** Finds paragraphs, words and stretches without a stop or a space that are longer than anybody reads. */
final class LongRuns {
    /** Most words, or twice as many characters of Chinese, without a stop, a comma or a line's end. */
    private static final int BREATH = 120;

    /** So many times the longest word may stand without a space. */
    private static final int WITHOUT_SPACE = 20;

    /** Chinese and Japanese begin here; what they write has no spaces. */
    private static final int UNSPACED = 0x2E80;

    private static final int STOP = 1;
    private static final int LETTER = 2;
    private static final int SPACE = 4;

    /** Of ASCII's characters what they are, as bits. */
    private static final byte[] ASCII = new byte[128];

    static {
        for (char c = 0; c < ASCII.length; c++) {
            ASCII[c] = (byte) kind(c);
        }
    }

    private LongRuns() {}

    /**
     * The first that is too long; null where none is.
     *
     * @param maxParagraph longest paragraph in characters
     * @param maxWord longest run of letters
     */
    static @Nullable String find(char[] text, int maxParagraph, int maxWord) {
        int paragraph = 0;
        int word = 0;
        int token = 0;
        int breath = 0;
        for (char c : text) {
            int kind = c < ASCII.length ? ASCII[c] : kind(c);
            breath = (kind & STOP) != 0 ? 0 : breath + (c == ' ' ? 2 : c >= UNSPACED ? 1 : 0);
            if (breath > 2 * BREATH) {
                return "more than " + BREATH + " words without a stop";
            }
            paragraph = c == '\n' ? 0 : paragraph + 1;
            word = (kind & LETTER) != 0 && c < UNSPACED ? word + 1 : 0;
            token = (kind & SPACE) != 0 || c >= UNSPACED ? 0 : token + 1;
            if (paragraph > maxParagraph) {
                return "a paragraph of more than " + maxParagraph + " characters";
            }
            if (word > maxWord) {
                return "a word of more than " + maxWord + " letters";
            }
            if (token > WITHOUT_SPACE * maxWord) {
                return "more than " + WITHOUT_SPACE * maxWord + " characters without a space";
            }
        }
        return null;
    }

    private static int kind(char c) {
        return (isStop(c) ? STOP : 0) | (Character.isLetter(c) ? LETTER : 0) | (Character.isWhitespace(c) ? SPACE : 0);
    }

    /** Punctuation and line ends, and the signs of formulas and tables. */
    private static boolean isStop(char c) {
        return c < 128
                ? c > ' ' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '\'' && c != '-' || c == '\n'
                : (c >= 0x2010 && c <= 0x303F && c != 0x2019)
                        || (c >= 0xFF00 && c <= 0xFF65)
                        || c < 0xC0
                        || (c >= 0x0600 && c <= 0x0965 && !Character.isLetter(c));
    }
}

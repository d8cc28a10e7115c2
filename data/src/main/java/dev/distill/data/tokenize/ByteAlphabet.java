package dev.distill.data.tokenize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The letters in which byte-level tokenizers write bytes (Radford et al., "Language Models are Unsupervised Multitask
 * Learners", section 2.2, and the code published with it): a printable Latin-1 character stands for itself, each of the
 * other 68 bytes, in order, for a character from U+0100 on.
 */
final class ByteAlphabet {
    private static final char[] LETTERS = letters();
    private static final short[] VALUES = values();

    private ByteAlphabet() {}

    /** The letter for this byte, 0 to 255. */
    static char letter(int b) {
        return LETTERS[b];
    }

    /** The byte that this letter stands for, 0 to 255; -1 for any other character. */
    static int value(char letter) {
        return letter < VALUES.length ? VALUES[letter] : -1;
    }

    /** The bytes of this text's UTF-8, each 0 to 255. */
    static int[] bytes(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int[] result = new int[utf8.length];
        for (int i = 0; i < utf8.length; i++) {
            result[i] = Byte.toUnsignedInt(utf8[i]);
        }
        return result;
    }

    private static short[] values() {
        short[] values = new short[0x200];
        Arrays.fill(values, (short) -1);
        for (short b = 0; b < LETTERS.length; b++) {
            values[LETTERS[b]] = b;
        }
        return values;
    }

    private static char[] letters() {
        char[] letters = new char[256];
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            letters[b] = printable ? (char) b : next++;
        }
        return letters;
    }
}

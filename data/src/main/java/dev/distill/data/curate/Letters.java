package dev.distill.data.curate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Which letter follows which in English words: for each group of three letters, word ends included, how much likelier the
 * third one is where letters are drawn at random, each as often as English has it, than in English. In nats, rounded to
 * quarters, from -3 to 5. Shuffled letters, mashed keys and words without vowels have a positive sum; words a negative one.
 *
 * <p>The table was counted on every second record of GSM8K's test set and of MATH-500, formulas left out, and smoothed
 * with the group of two (5 pseudo-counts); {@code LetterTable} beside the tests writes it.
 */
final class Letters {
    /** a to z, and the end of a word. */
    static final int SYMBOLS = 27;

    static final int END = 26;

    /** Of a table's character for a quarter of a nat; the least value, -3, is an {@code A}. */
    static final double STEP = 0.25;

    static final double LEAST = -3;

    private static final byte[] TABLE = read();

    private Letters() {}

    /**
     * The sum over a word, its beginning and its end.
     *
     * @param word letters a to z; others end the word and begin a new one
     */
    static double randomness(CharSequence word) {
        int first = END;
        int second = END;
        int sum = 0;
        for (int i = 0; i <= word.length(); i++) {
            char c = i < word.length() ? word.charAt(i) : ' ';
            int third = c >= 'a' && c <= 'z' ? c - 'a' : END;
            sum += TABLE[(first * SYMBOLS + second) * SYMBOLS + third];
            first = third == END ? END : second;
            second = third;
        }
        return sum * STEP;
    }

    /** Steps of {@link #STEP}. */
    private static byte[] read() {
        byte[] table = new byte[SYMBOLS * SYMBOLS * SYMBOLS];
        int at = 0;
        try (InputStream in = Objects.requireNonNull(
                Letters.class.getResourceAsStream("english-letters.txt"), "english-letters.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                for (int i = 0; i < line.length() && !line.startsWith("#"); i++) {
                    table[at++] = (byte) (line.charAt(i) - 'A' + (int) (LEAST / STEP));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (at != table.length) {
            throw new IllegalStateException("english-letters.txt: needs " + table.length + " values, has " + at);
        }
        return table;
    }
}

package dev.distill.data.curate;

import java.util.Arrays;

/**
 * A text as the words that comparing texts looks at: lower case, punctuation and layout folded away, numbers and operators
 * kept, since two problems that differ in a number are two problems. {@code 7x + 15 = 99} is {@code 7 x + 15 = 99}.
 * Scripts that write without spaces give one word a character.
 *
 * <p>Words are compared by hashes of 64 bits; their texts are made only when asked for. Immutable, safe on any thread.
 */
final class Words {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final char[] text;
    private final int size;
    private final int longestNumber;
    private final int[] starts;
    private final long[] hashes;
    private final byte[] flags;

    private Words(char[] text) {
        this.text = text;
        int room = text.length / 4 + 16;
        int[] starts = new int[room];
        long[] hashes = new long[room];
        byte[] flags = new byte[room];
        int count = 0;
        int longest = 0;
        WordReader reader = new WordReader(text);
        while (reader.next()) {
            if (count + 1 == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
                hashes = Arrays.copyOf(hashes, 2 * count);
                flags = Arrays.copyOf(flags, 2 * count);
            }
            starts[count] = reader.start();
            hashes[count] = reader.hash();
            flags[count++] = (byte) reader.flags();
            longest = Math.max(longest, reader.digits());
        }
        flags[count] = (byte) (reader.isBroken() ? WordReader.AFTER_BREAK : 0);
        this.size = count;
        this.longestNumber = longest;
        this.starts = starts;
        this.hashes = hashes;
        this.flags = flags;
    }

    static Words of(String text) {
        return of(text.toCharArray());
    }

    /** @param text not to be changed afterwards */
    static Words of(char[] text) {
        return new Words(NormalForm.of(text));
    }

    /** The same of characters of ASCII, which are in every form of Unicode. */
    static Words ofAscii(char[] text) {
        return new Words(text);
    }

    int size() {
        return size;
    }

    /** The text of a word, as it is compared. */
    String get(int index) {
        return Spelling.at(text, starts[index]);
    }

    long hash(int index) {
        return hashes[index];
    }

    /** The texts of the words from one to another, with spaces between. */
    String text(int from, int to) {
        StringBuilder joined = new StringBuilder();
        for (int i = from; i < to; i++) {
            joined.append(i == from ? "" : " ").append(get(i));
        }
        return joined.toString();
    }

    /** The same, cut off where it is longer than so many characters. */
    String brief(int from, int to, int limit) {
        String brief = text(from, Math.min(to, from + limit));
        if (brief.length() <= limit) {
            return brief;
        }
        int end = limit - 3;
        return brief.substring(0, Character.isHighSurrogate(brief.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    /** Whether punctuation stood before this word; of the number of words, whether behind the last one. */
    boolean isAfterBreak(int index) {
        return is(index, WordReader.AFTER_BREAK);
    }

    boolean isNumber(int index) {
        return is(index, WordReader.NUMBER);
    }

    /** A number of more than one character; commas do not count. */
    boolean isLongNumber(int index) {
        return is(index, WordReader.LONG_NUMBER);
    }

    boolean isSign(int index) {
        return is(index, WordReader.SIGN);
    }

    /** A number, an operator, a letter alone or a LaTeX command: part of a formula. */
    boolean isSymbol(int index) {
        return is(index, WordReader.SYMBOL);
    }

    /** Whether it is a number that ends in a zero behind its point. */
    boolean endsInZero(int index) {
        return is(index, WordReader.ENDS_IN_ZERO);
    }

    /** Whether it is a character of a script without spaces. */
    boolean isUnspaced(int index) {
        return text[starts[index]] >= Scripts.FIRST && Scripts.isUnspaced(Character.codePointAt(text, starts[index]));
    }

    private boolean is(int index, int flag) {
        return (flags[index] & flag) != 0;
    }

    /** How many brackets, round or square, are opened more than closed from one word to another; {@code \(} is none. */
    int opened(int from, int to) {
        int opened = 0;
        for (int i = starts[from]; i < starts[to]; i++) {
            char c = text[i];
            opened += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            i += c == '\\' && i + 1 < text.length && !isLatin(text[i + 1]) ? 1 : 0;
        }
        return opened;
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The hashes of the numbers, in their order. */
    long[] numbers() {
        long[] numbers = new long[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (isNumber(i)) {
                numbers[count++] = hashes[i];
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    /**
     * Puts down in this room for all words which of them are numbers or may have a meaning, in their order; how many. Every word is
     * written and most are written over, which is cheaper than a branch that goes either way.
     */
    int meaningful(int[] places) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            places[count] = i;
            count += flags[i] & WordReader.NUMBER | Meanings.mayMean(hashes[i]);
        }
        return count;
    }

    /** Characters of the longest number, its point included; 0 where there is none. */
    int longestNumber() {
        return longestNumber;
    }

    /** A hash of the numbers in their order. */
    long numbersKey() {
        long key = 0;
        for (int i = 0; i < size; i++) {
            key = isNumber(i) ? mixed(key * STEP + hashes[i]) : key;
        }
        return key;
    }

    /** The hashes of all words, and room behind them; not to be changed. */
    long[] all() {
        return hashes;
    }

    /** The hashes of all words, in their order. */
    long[] hashes() {
        return Arrays.copyOf(hashes, size);
    }

    /** Whether these words stand here, from this one on. */
    boolean holdsAt(int index, Words other, int from, int to) {
        return index + to - from <= size && Arrays.equals(hashes, index, index + to - from, other.hashes, from, to);
    }

    /** A hash of the whole sequence. */
    long key() {
        return size == 0 ? 0 : grams(size)[0];
    }

    /** Hashes of the n-grams, the first at word 0; one of the whole text where it has fewer than n words. */
    long[] grams(int n) {
        return grams(hashes, size, n);
    }

    /** The n-gram that begins with this word; n words must follow from there. */
    long gram(int first, int n) {
        long sum = 0;
        for (int i = first; i < first + n; i++) {
            sum = sum * STEP + hashes[i];
        }
        return mixed(sum + n);
    }

    /** The same of so many hashes. */
    static long[] grams(long[] hashes, int size, int n) {
        int length = Math.min(n, size);
        if (length == 0) {
            return new long[0];
        }
        long[] grams = new long[size - length + 1];
        long highest = 1; // STEP to the power of length
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum = sum * STEP + hashes[i];
            highest *= STEP;
        }
        grams[0] = mixed(sum + length);
        for (int i = 1; i < grams.length; i++) {
            sum = sum * STEP - hashes[i - 1] * highest + hashes[i + length - 1];
            grams[i] = mixed(sum + length);
        }
        return grams;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input moves every bit of the output. */
    static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

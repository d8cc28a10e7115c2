package dev.distill.data.curate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A question as what is to be worked out: its words as hashes of tokens, with numbers and operations written in one way
 * ({@code twelve plus 3.0} is {@code 12 + 3}), and where the numbers stand.
 */
final class Problem {
    /** Keys are made of so many numbers at most. */
    static final int MAX_KEY = 4;

    private static final long STEP = 0x9E3779B97F4A7C15L;

    /** The hash of no number. */
    private static final long KEY = 1;

    /** Tokens of a window are put down in a set of 64 bits times two to the power of this. */
    private static final int SEEN = 3;

    private static final byte OTHER = 0;
    private static final byte NUMBER = 1;
    private static final byte OPERATION = 2;

    private final Words words;
    private final long[] tokens;
    private final byte[] kinds;
    private final int[] numbers;

    /** Made when asked for. */
    private long @Nullable [] ones;

    private long @Nullable [] twos;

    private Problem(Words words, long[] tokens, byte[] kinds, int[] numbers) {
        this.words = words;
        this.tokens = tokens;
        this.kinds = kinds;
        this.numbers = numbers;
    }

    static Problem of(Words words) {
        long[] tokens = words.hashes();
        byte[] kinds = new byte[tokens.length];
        int[] places = new int[tokens.length];
        int count = words.meaningful(places);
        int numbers = 0;
        for (int k = 0; k < count; k++) {
            int i = places[k];
            if (words.isNumber(i)) {
                tokens[i] = words.endsInZero(i) ? Spelling.hash(trimmed(words.get(i))) : tokens[i];
                kinds[i] = NUMBER;
            } else {
                int found = Meanings.find(tokens[i]);
                if (found >= 0) {
                    Meanings.Meaning meaning = Meanings.get(found);
                    tokens[i] = meaning.hash();
                    kinds[i] = meaning.number() ? NUMBER : OPERATION;
                }
            }
            places[numbers] = i; // never behind the place that is read
            numbers += kinds[i] & NUMBER;
        }
        return new Problem(words, tokens, kinds, Arrays.copyOf(places, numbers));
    }

    /** 12.50 as 12.5, 3.0 as 3. */
    private static String trimmed(String number) {
        int end = number.length();
        while (number.charAt(end - 1) == '0') {
            end--;
        }
        return number.substring(0, number.charAt(end - 1) == '.' ? end - 1 : end);
    }

    Words words() {
        return words;
    }

    /** How many tokens it has, as many as words. */
    int size() {
        return tokens.length;
    }

    long token(int index) {
        return tokens[index];
    }

    /** How many numbers it has. */
    int numbers() {
        return numbers.length;
    }

    /** The hash of a number. */
    long number(int which) {
        return tokens[numbers[which]];
    }

    /** The place of a number among the words; the length where there are no more of them, -1 before the first. */
    int place(int which) {
        return which < 0 ? -1 : which < numbers.length ? numbers[which] : tokens.length;
    }

    /** Hashes of each number, and of each two in a row, from the first on; not to be changed. */
    long[] ones() {
        if (ones == null) {
            ones = new long[numbers.length];
            for (int i = 0; i < ones.length; i++) {
                ones[i] = longer(KEY, i);
            }
        }
        return ones;
    }

    long[] twos() {
        if (twos == null) {
            long[] first = ones();
            twos = new long[Math.max(0, numbers.length - 1)];
            for (int i = 0; i < twos.length; i++) {
                twos[i] = longer(first[i], i + 1);
            }
        }
        return twos;
    }

    /** A hash of so many numbers in a row, 1 to {@link #MAX_KEY}, from this one on. */
    long key(int first, int count) {
        long key = KEY;
        for (int i = first; i < first + count; i++) {
            key = longer(key, i);
        }
        return key;
    }

    /** The hash of some numbers and this one behind them. */
    long longer(long key, int which) {
        return Words.mixed(key * STEP + number(which));
    }

    /** A hash of all numbers in whatever order. */
    long sortedKey() {
        long key = -numbers.length;
        for (int i = 0; i < numbers.length; i++) {
            key += Words.mixed(number(i));
        }
        return Words.mixed(key);
    }

    /** Whether the other's numbers stand here in a row, from this one on. */
    boolean hasNumbersOf(Problem other, int first) {
        for (int i = 0; i < other.numbers.length; i++) {
            if (number(first + i) != other.number(i)) {
                return false;
            }
        }
        return true;
    }

    /** Digits of all numbers together. */
    int digits() {
        int digits = 0;
        for (int i : numbers) {
            String word = words.get(i);
            String number = !words.isNumber(i)
                    ? Meanings.get(Meanings.find(words.hash(i))).token()
                    : words.endsInZero(i) ? trimmed(word) : word;
            digits += number.replace(".", "").length();
        }
        return digits;
    }

    /** Numbers, operations and variables of these words, each with the brackets around it, from the first one's on. */
    long[] formula(int from, int to) {
        long[] formula = new long[to - from];
        int count = 0;
        int opened = 0;
        for (int i = from; i < to; i++) {
            opened += i == from ? 0 : words.opened(i - 1, i);
            if (words.isSymbol(i) || kinds[i] != OTHER) {
                formula[count++] = Words.mixed(tokens[i] + opened * STEP);
            }
        }
        return Arrays.copyOf(formula, count);
    }

    /** How many operations stand among these words. */
    int operations(int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += kinds[i] == OPERATION ? 1 : 0;
        }
        return count;
    }

    /** Whether these words have the same operations as those of another text, in the same order. */
    boolean sameOperations(int from, int to, Problem other, int otherFrom, int otherTo) {
        int j = otherFrom;
        for (int i = from; i < to; i++) {
            if (kinds[i] == OPERATION) {
                while (j < otherTo && other.kinds[j] != OPERATION) {
                    j++;
                }
                if (j == otherTo || other.tokens[j] != tokens[i]) {
                    return false;
                }
                j++;
            }
        }
        return other.operations(j, otherTo) == 0;
    }

    /** How many of all tokens stand among those of another text, from one to another, in the same order. */
    int inOrder(Problem other, int from, int to) {
        return Sequences.common(tokens, Arrays.copyOfRange(other.tokens, from, to));
    }

    /** No fewer than {@link #inOrder}, and seldom many more: how many of all tokens may stand there at all. */
    int atMost(Problem other, int from, int to) {
        long[] seen = new long[1 << SEEN];
        for (int i = from; i < to; i++) {
            seen[(int) (other.tokens[i] >>> Long.SIZE - SEEN)] |= 1L << other.tokens[i];
        }
        int most = 0;
        for (long token : tokens) {
            most += (int) (seen[(int) (token >>> Long.SIZE - SEEN)] >>> token & 1);
        }
        return most;
    }

    /** How many tokens both have, in whatever order. */
    int inAnyOrder(Problem other) {
        return Sequences.shared(tokens, other.tokens);
    }
}

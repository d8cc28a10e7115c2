package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A question as what is to be worked out: its words, with numbers and operations written in one way ({@code twelve plus
 * 3.0} is {@code 12 + 3}), and where the numbers stand.
 */
final class Problem {
    private static final List<String> NUMBER_WORDS = List.of(
            "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
                    .split(" "));

    private static final Map<String, String> OPERATIONS = Map.ofEntries(
            Map.entry("plus", "+"),
            Map.entry("add", "+"),
            Map.entry("added", "+"),
            Map.entry("adding", "+"),
            Map.entry("sum", "+"),
            Map.entry("minus", "-"),
            Map.entry("subtract", "-"),
            Map.entry("subtracted", "-"),
            Map.entry("subtracting", "-"),
            Map.entry("difference", "-"),
            Map.entry("times", "*"),
            Map.entry("multiply", "*"),
            Map.entry("multiplied", "*"),
            Map.entry("product", "*"),
            Map.entry("divide", "/"),
            Map.entry("divided", "/"),
            Map.entry("quotient", "/"),
            Map.entry("equals", "="),
            Map.entry("percent", "%"),
            Map.entry("half", "half"),
            Map.entry("twice", "twice"),
            Map.entry("double", "twice"),
            Map.entry("triple", "triple"));

    private final Words words;
    private final List<String> tokens;
    private final int[] numbers;

    private Problem(Words words, List<String> tokens, int[] numbers) {
        this.words = words;
        this.tokens = tokens;
        this.numbers = numbers;
    }

    static Problem of(Words words) {
        List<String> tokens = new ArrayList<>(words.size());
        int[] numbers = new int[words.size()];
        int count = 0;
        for (int i = 0; i < words.size(); i++) {
            String token = token(words, i);
            tokens.add(token);
            if (Character.isDigit(token.charAt(0)) || token.charAt(0) == '.') {
                numbers[count++] = i;
            }
        }
        return new Problem(words, tokens, Arrays.copyOf(numbers, count));
    }

    private static String token(Words words, int index) {
        String word = words.get(index);
        if (words.isNumber(index)) {
            return word.indexOf('.') > 0 ? word.replaceAll("\\.?0+$", "") : word;
        }
        int number = NUMBER_WORDS.indexOf(word);
        return number >= 0 ? Integer.toString(number + 2) : OPERATIONS.getOrDefault(word, word);
    }

    Words words() {
        return words;
    }

    List<String> tokens() {
        return tokens;
    }

    /** How many numbers it has. */
    int numbers() {
        return numbers.length;
    }

    String number(int which) {
        return tokens.get(numbers[which]);
    }

    /** The place of a number among the words; the length where there are no more of them, -1 before the first. */
    int place(int which) {
        return which < 0 ? -1 : which < numbers.length ? numbers[which] : tokens.size();
    }

    /** A hash of so many numbers in a row. */
    long key(int from, int count) {
        long key = count;
        for (int i = from; i < from + count; i++) {
            key = Words.mixed(key * 0x9E3779B97F4A7C15L + number(i).hashCode());
        }
        return key;
    }

    /** A hash of all numbers in whatever order. */
    long sortedKey() {
        long key = -numbers.length;
        for (int i = 0; i < numbers.length; i++) {
            key += Words.mixed(number(i).hashCode());
        }
        return key;
    }

    /** Digits of all numbers together. */
    int digits() {
        int digits = 0;
        for (int i = 0; i < numbers.length; i++) {
            digits += number(i).replace(".", "").length();
        }
        return digits;
    }

    /** Numbers, operations and variables of these words, each with the brackets around it, from the first one's on. */
    List<String> formula(int from, int to) {
        List<String> formula = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String token = tokens.get(i);
            if (words.isSymbol(i) || isOperation(token) || Character.isDigit(token.charAt(0))) {
                formula.add(token + ":" + (words.depth(i) - words.depth(from)));
            }
        }
        return formula;
    }

    static boolean isOperation(String token) {
        return OPERATIONS.containsValue(token) || token.equals("^") || token.equals("<") || token.equals(">");
    }

    /** The operations among these words, in their order. */
    static List<String> operations(List<String> tokens) {
        return tokens.stream().filter(Problem::isOperation).toList();
    }
}

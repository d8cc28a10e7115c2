package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Words that say a number or an operation, each with the token that all of its spellings become. */
final class Meanings {
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

    /** Signs that stand for themselves. */
    private static final Set<String> SIGNS = Set.of("+", "-", "*", "/", "=", "%", "^", "<", ">");

    /**
     * What a word means.
     *
     * @param token the one spelling that stands for all
     * @param hash of the token, as words are hashed
     * @param number whether it is a number; else it is an operation
     */
    record Meaning(String token, long hash, boolean number) {}

    private static final List<Meaning> ALL = new ArrayList<>();
    private static final HashGroups BY_WORD = byWord();

    /** Which words may have one: a bit for each, by the highest bits of its hash. Asked for every word of every text. */
    private static final long[] MAY_MEAN = new long[64];

    static {
        for (int i = 0; i < NUMBER_WORDS.size(); i++) {
            mark(NUMBER_WORDS.get(i));
        }
        OPERATIONS.keySet().forEach(Meanings::mark);
        SIGNS.forEach(Meanings::mark);
    }

    private static void mark(String word) {
        long hash = Spelling.hash(word);
        MAY_MEAN[(int) (hash >>> 58)] |= 1L << (hash >>> 52);
    }

    private Meanings() {}

    private static HashGroups byWord() {
        HashGroups.Builder words = new HashGroups.Builder();
        for (int i = 0; i < NUMBER_WORDS.size(); i++) {
            put(words, NUMBER_WORDS.get(i), Integer.toString(i + 2), true);
        }
        OPERATIONS.forEach((word, token) -> put(words, word, token, false));
        SIGNS.forEach(sign -> put(words, sign, sign, false));
        return words.build();
    }

    private static void put(HashGroups.Builder words, String word, String token, boolean number) {
        words.add(Spelling.hash(word), ALL.size());
        ALL.add(new Meaning(token, Spelling.hash(token), number));
    }

    /** 0 for the hash of a word that has no meaning but its own; 1 for others, and now and then for such a one. */
    static int mayMean(long word) {
        return (int) (MAY_MEAN[(int) (word >>> 58)] >>> (word >>> 52)) & 1;
    }

    /** The number of the meaning of the word with this hash, for {@link #get}; -1 where it has none but its own. */
    static int find(long word) {
        int group = BY_WORD.find(word);
        return group < 0 ? -1 : BY_WORD.value(BY_WORD.from(group));
    }

    static Meaning get(int number) {
        return ALL.get(number);
    }
}

package dev.distill.data.tokenize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Trains a small byte-level BPE tokenizer from texts (Sennrich et al. 2016, "Neural Machine Translation of Rare Words
 * with Subword Units", algorithm 1, over bytes as in GPT-2).
 *
 * <p>Texts are cut into words as Qwen2 does, every digit a word of its own, so that numbers are always spelt digit by
 * digit. Then the most frequent pair of neighbours becomes one token, again and again. Of equally frequent pairs the one
 * with the lower ids wins: the same texts give the same tokenizer, in whichever order they come.
 *
 * <p>Ids: the 256 bytes in order, then the merges in the order in which they were learnt, then the added tokens.
 */
public final class BpeTrainer {
    private static final Pattern WORD = Pattern.compile(WordRule.OWN.regex(), Pattern.UNICODE_CHARACTER_CLASS);
    private static final int BYTES = 256;
    /** A pair seen once is no regularity. */
    private static final long LEAST_COUNT = 2;

    private record Pair(int left, int right) {}

    /** One distinct word of the texts: its tokens so far, and how often it occurs. */
    private static final class Word {
        private List<Integer> tokens;
        private final long count;

        Word(List<Integer> tokens, long count) {
            this.tokens = tokens;
            this.count = count;
        }
    }

    private final List<Word> words = new ArrayList<>();
    private final Map<Pair, Long> counts = new HashMap<>();
    /** The words that hold a pair, or held it once. */
    private final Map<Pair, Set<Word>> where = new HashMap<>();

    /** All tokens in {@link ByteAlphabet}'s letters; the index is the id. */
    private final List<String> tokens = new ArrayList<>();

    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<Pair> merges = new LinkedHashSet<>();

    private BpeTrainer() {
        for (int b = 0; b < BYTES; b++) {
            tokens.add(String.valueOf(ByteAlphabet.letter(b)));
            ids.put(tokens.get(b), b);
        }
    }

    /**
     * Trains a tokenizer.
     *
     * @param vocabularySize tokens in all, bytes and added ones included; fewer come out if the texts have no more pairs
     *     that occur twice
     * @param added tokens with a meaning of their own; they split the texts and take part in no merge
     */
    public static BpeTokenizerFile train(Iterable<String> texts, int vocabularySize, List<AddedToken> added) {
        if (vocabularySize < BYTES + added.size()) {
            throw new IllegalArgumentException("tokenizer: vocabulary size must be at least " + (BYTES + added.size())
                    + " (256 bytes and " + added.size() + " added tokens); got " + vocabularySize);
        }
        BpeTrainer trainer = new BpeTrainer();
        trainer.countWords(texts, added);
        trainer.merge(vocabularySize - added.size());
        List<String> merges = trainer.merges.stream()
                .map(pair -> trainer.tokens.get(pair.left) + " " + trainer.tokens.get(pair.right))
                .toList();
        return new BpeTokenizerFile(trainer.tokens, merges, added);
    }

    private void countWords(Iterable<String> texts, List<AddedToken> added) {
        Map<String, Long> byText = new TreeMap<>();
        @Nullable Pattern splitter = splitter(added);
        for (String text : texts) {
            String[] parts = splitter == null ? new String[] {text} : splitter.split(text, -1);
            for (String part : parts) {
                for (Matcher word = WORD.matcher(part); word.find(); ) {
                    byText.merge(word.group(), 1L, Long::sum);
                }
            }
        }
        byText.forEach((text, count) -> {
            List<Integer> bytes = new ArrayList<>();
            for (int b : ByteAlphabet.bytes(text)) {
                bytes.add(b);
            }
            Word word = new Word(bytes, count);
            words.add(word);
            add(word, 1);
        });
    }

    private static @Nullable Pattern splitter(List<AddedToken> added) {
        if (added.isEmpty()) {
            return null;
        }
        // The longest first, for one may begin with another.
        List<String> alternatives = added.stream()
                .map(AddedToken::text)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .toList();
        return Pattern.compile(String.join("|", alternatives));
    }

    /** Counts this word's pairs in (sign 1) or out (sign -1). */
    private void add(Word word, int sign) {
        for (int i = 0; i + 1 < word.tokens.size(); i++) {
            Pair pair = new Pair(word.tokens.get(i), word.tokens.get(i + 1));
            counts.merge(pair, sign * word.count, Long::sum);
            if (sign > 0) {
                where.computeIfAbsent(pair, p -> new HashSet<>()).add(word);
            }
        }
    }

    /** Merges until there are this many tokens, or no pair is left that occurs often enough. */
    private void merge(int wanted) {
        for (Pair best = mostFrequent(); best != null && tokens.size() < wanted; best = mostFrequent()) {
            String text = tokens.get(best.left) + tokens.get(best.right);
            // "ab" + "c" and "a" + "bc" are one token. A merge that makes it anew may bring back an older pair.
            Integer known = ids.putIfAbsent(text, tokens.size());
            if (known == null) {
                tokens.add(text);
            }
            merges.add(best);
            int id = known == null ? tokens.size() - 1 : known;
            for (Word word : where.getOrDefault(best, Set.of())) {
                add(word, -1);
                word.tokens = replaced(word.tokens, best, id);
                add(word, 1);
            }
            counts.remove(best);
            where.remove(best);
        }
    }

    private @Nullable Pair mostFrequent() {
        Pair best = null;
        long bestCount = LEAST_COUNT - 1;
        for (Map.Entry<Pair, Long> entry : counts.entrySet()) {
            long count = entry.getValue();
            if (count > bestCount || (count == bestCount && best != null && before(entry.getKey(), best))) {
                best = entry.getKey();
                bestCount = count;
            }
        }
        return best;
    }

    private static boolean before(Pair a, Pair b) {
        return a.left != b.left ? a.left < b.left : a.right < b.right;
    }

    private static List<Integer> replaced(List<Integer> tokens, Pair pair, int id) {
        List<Integer> result = new ArrayList<>(tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            if (i + 1 < tokens.size() && tokens.get(i) == pair.left && tokens.get(i + 1) == pair.right) {
                result.add(id);
                i++;
            } else {
                result.add(tokens.get(i));
            }
        }
        return result;
    }
}

package dev.distill.data.tokenize;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
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
    private static final WordScanner WORDS =
            WordRule.scanner(WordRule.OWN.regex()).orElseThrow();
    private static final int BYTES = 256;
    /** A pair seen once is no regularity. */
    private static final long LEAST_COUNT = 2;

    private record Pair(int left, int right) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return left != other.left ? Integer.compare(left, other.left) : Integer.compare(right, other.right);
        }
    }

    /** How often a pair occurred when this was noted: the most frequent first, of equals the one with the lower ids. */
    private record Candidate(Pair pair, long count) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return count != other.count ? Long.compare(other.count, count) : pair.compareTo(other.pair);
        }
    }

    /** One distinct word of the texts: its tokens so far, and how often it occurs. */
    private static final class Word {
        private List<Integer> tokens;
        private final long count;

        Word(List<Integer> tokens, long count) {
            this.tokens = tokens;
            this.count = count;
        }
    }

    private final Map<Pair, Long> counts = new HashMap<>();
    /** The words that hold a pair, or held it once. */
    private final Map<Pair, Set<Word>> where = new HashMap<>();

    /** Of each pair at least its present count; older ones too. */
    private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

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
                char[] letters = part.toCharArray();
                BpeEncoder.replaceLoneSurrogates(letters, letters.length);
                for (int from = 0; from < letters.length; ) {
                    int to = WORDS.end(letters, from, letters.length);
                    byText.merge(new String(letters, from, to - from), 1L, Long::sum);
                    from = to;
                }
            }
        }
        byText.forEach((text, count) -> {
            List<Integer> bytes = new ArrayList<>();
            for (int b : ByteAlphabet.bytes(text)) {
                bytes.add(b);
            }
            add(new Word(bytes, count), 1);
        });
        counts.keySet().forEach(this::note);
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
            Set<Pair> fresh = new HashSet<>();
            for (Word word : where.getOrDefault(best, Set.of())) {
                add(word, -1);
                word.tokens = replaced(word.tokens, best, id);
                add(word, 1);
                for (int i = 0; i + 1 < word.tokens.size(); i++) {
                    if (word.tokens.get(i) == id || word.tokens.get(i + 1) == id) {
                        fresh.add(new Pair(word.tokens.get(i), word.tokens.get(i + 1)));
                    }
                }
            }
            counts.remove(best);
            where.remove(best);
            fresh.forEach(this::note); // no other pair has become more frequent
        }
    }

    private @Nullable Pair mostFrequent() {
        for (Candidate best = candidates.poll(); best != null; best = candidates.poll()) {
            long count = counts.getOrDefault(best.pair, 0L);
            if (count == best.count) {
                return best.pair;
            }
            note(best.pair); // it has become rarer since
        }
        return null;
    }

    private void note(Pair pair) {
        long count = counts.getOrDefault(pair, 0L);
        if (count >= LEAST_COUNT) {
            candidates.add(new Candidate(pair, count));
        }
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

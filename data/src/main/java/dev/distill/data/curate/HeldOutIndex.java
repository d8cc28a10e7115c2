package dev.distill.data.curate;

import java.util.Arrays;
import java.util.List;

/**
 * How held-out questions are found besides by their n-grams: by groups of three words, by their numbers. Built once, read by any
 * number of threads.
 */
final class HeldOutIndex {
    /** Texts that share fewer groups of three words than this have nothing in common. */
    private static final int TRIPLE = 3;

    private static final double MIN_SHARED = 0.3;

    private static final int MIN_DIGITS = 3;

    private final List<HeldOutText> texts;
    private final NumberIndex numbers;
    private final NumberIndex longNumbers;
    private final HashGroups withTriple;

    /** How many of a text's groups of three words must be shared. */
    private final int[] leastShared;

    /** By all of them in whatever order. */
    private final HashGroups withAllNumbers;

    HeldOutIndex(List<Words> questions) {
        this.texts = questions.stream().map(HeldOutText::of).toList();
        this.numbers = new NumberIndex(texts, 0);
        this.longNumbers = new NumberIndex(texts, MIN_DIGITS);
        this.leastShared = texts.stream()
                .mapToInt(text -> Math.max(1, (int) Math.ceil(Math.min(TRIPLE, MIN_SHARED * text.size()))))
                .toArray();
        HashGroups.Builder triples = new HashGroups.Builder();
        HashGroups.Builder sorted = new HashGroups.Builder();
        for (int d = 0; d < texts.size(); d++) {
            for (long triple :
                    Arrays.stream(questions.get(d).grams(TRIPLE)).distinct().toArray()) {
                triples.add(triple, d);
            }
            if (texts.get(d).problem().numbers() > 0) {
                sorted.add(texts.get(d).problem().sortedKey(), d);
            }
        }
        this.withTriple = triples.build();
        this.withAllNumbers = sorted.build();
    }

    /** Where numbers of questions stand side by side. */
    NumberIndex numbers() {
        return numbers;
    }

    /** The same for questions whose numbers have {@link #MIN_DIGITS} digits or more: fewer stand so in any working. */
    NumberIndex longNumbers() {
        return longNumbers;
    }

    HeldOutText text(int document) {
        return texts.get(document);
    }

    /** The held-out texts with just the numbers of this one, in whatever order. Rising. */
    int[] withAllNumbersOf(Problem text) {
        int group = text.numbers() == 0 ? -1 : withAllNumbers.find(text.sortedKey());
        int[] found = new int[group < 0 ? 0 : withAllNumbers.to(group) - withAllNumbers.from(group)];
        for (int i = 0; i < found.length; i++) {
            found[i] = withAllNumbers.value(withAllNumbers.from(group) + i);
        }
        return found;
    }

    /** The held-out texts worth comparing with this one as a whole: they share a few groups of three words. Rising. */
    int[] candidates(Reading text) {
        int[] shared = new int[texts.size()];
        int[] candidates = new int[8];
        int count = 0;
        for (long gram : text.grams(TRIPLE)) {
            int group = withTriple.find(gram);
            for (int i = group < 0 ? 0 : withTriple.from(group); group >= 0 && i < withTriple.to(group); i++) {
                int d = withTriple.value(i);
                if (++shared[d] == leastShared[d]) {
                    candidates = count == candidates.length ? Arrays.copyOf(candidates, 2 * count) : candidates;
                    candidates[count++] = d;
                }
            }
        }
        int[] rising = Arrays.copyOf(candidates, count);
        Arrays.sort(rising);
        return rising;
    }
}

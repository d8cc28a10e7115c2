package dev.distill.data.curate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The held-out sets of one curation with what is needed to find them in traces. What sees every word looks for all sets at
 * once; a set's own index is asked where that has found something. Immutable, safe on any thread.
 */
public final class HeldOutSets implements Serializable {
    private final List<HeldOutSet> sets;
    private final Decontamination.Settings settings;
    private final transient List<GramIndex> grams = new ArrayList<>();
    private final transient List<HeldOutIndex> questions = new ArrayList<>();
    private final transient HeldOutGrams all;
    private final transient HeldOutNumbers longNumbers;

    public HeldOutSets(List<HeldOutSet> sets, Decontamination.Settings settings) {
        this.sets = List.copyOf(sets);
        this.settings = settings;
        this.sets.forEach(this::index);
        this.all = new HeldOutGrams(
                grams.stream().flatMap(set -> set.texts().stream()).toList(), settings.n());
        this.longNumbers = new HeldOutNumbers(
                questions.stream().map(HeldOutIndex::longNumbers).toList());
    }

    private void index(HeldOutSet set) {
        Set<Long> seen = new HashSet<>();
        List<Words> asked = new ArrayList<>();
        List<Words> solutions = new ArrayList<>();
        for (HeldOutSet.Question question : set.questions()) {
            Words words = Words.of(question.text());
            if (seen.add(words.key())) {
                asked.add(words);
            }
            if (question.solution() != null) {
                solutions.add(Words.of(question.solution()));
            }
        }
        questions.add(new HeldOutIndex(asked));
        grams.add(new GramIndex(asked, solutions, settings.n()));
    }

    /** A filter for each set, in their order. */
    public List<Decontamination> filters() {
        return IntStream.range(0, sets.size())
                .mapToObj(set -> new Decontamination(this, set))
                .toList();
    }

    HeldOutSet set(int which) {
        return sets.get(which);
    }

    Decontamination.Settings settings() {
        return settings;
    }

    HeldOutIndex questions(int set) {
        return questions.get(set);
    }

    GramIndex grams(int set) {
        return grams.get(set);
    }

    /** Of all sets. */
    HeldOutGrams all() {
        return all;
    }

    /** Of all sets, those of {@link HeldOutIndex#longNumbers}. */
    HeldOutNumbers longNumbers() {
        return longNumbers;
    }

    /** What travels is the sets; the indices are made again where they arrive. */
    private record Shipped(List<HeldOutSet> sets, Decontamination.Settings settings) implements Serializable {
        private Object readResolve() {
            return new HeldOutSets(sets, settings);
        }
    }

    private Object writeReplace() {
        return new Shipped(sets, settings);
    }
}

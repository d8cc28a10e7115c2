package dev.distill.eval.task;

import dev.distill.data.trace.Prompt;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One question of a task.
 *
 * @param prompt what is asked, with the reference in the form that the task's {@link Grading} reads
 * @param facets what scores can be split by, as the data set has it: {@code level}, {@code subject}, {@code rating},
 *     {@code date}; empty for none
 * @param options of a multiple choice, the first one's letter is A; empty for none
 */
public record Question(Prompt prompt, SortedMap<String, String> facets, List<String> options) {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public Question {
        facets = Collections.unmodifiableSortedMap(new TreeMap<>(facets));
        options = List.copyOf(options);
    }

    /** A question that is no multiple choice. */
    public Question(Prompt prompt, SortedMap<String, String> facets) {
        this(prompt, facets, List.of());
    }

    /** A question of which nothing more is known. */
    public static Question of(Prompt prompt) {
        return new Question(prompt, Collections.emptySortedMap());
    }

    public String id() {
        return prompt.id();
    }

    /** The letters on offer, for example {@code ABCD}; empty if it is no multiple choice. */
    public String letters() {
        return ALPHABET.substring(0, Math.min(options.size(), ALPHABET.length()));
    }
}

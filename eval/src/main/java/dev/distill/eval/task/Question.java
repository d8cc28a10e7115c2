package dev.distill.eval.task;

import dev.distill.data.trace.Prompt;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One question of a task.
 *
 * @param prompt what is asked, with the reference in the form that the task's {@link Grading} reads
 * @param facets what scores can be split by, as the data set has it: {@code level}, {@code subject}, {@code rating},
 *     {@code date}; empty for none
 */
public record Question(Prompt prompt, SortedMap<String, String> facets) {
    public Question {
        facets = Collections.unmodifiableSortedMap(new TreeMap<>(facets));
    }

    /** A question of which nothing more is known. */
    public static Question of(Prompt prompt) {
        return new Question(prompt, Collections.emptySortedMap());
    }

    public String id() {
        return prompt.id();
    }
}

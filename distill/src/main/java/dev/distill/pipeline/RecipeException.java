package dev.distill.pipeline;

import java.util.List;

/** A recipe, or options in its place, that cannot be run. All problems at once, each in the words of the file. */
public final class RecipeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public RecipeException(String recipe, List<String> problems) {
        super(recipe + ": " + (problems.size() == 1 ? "" : problems.size() + " problems\n  ")
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}

package dev.distill.teacher.harvest;

import java.util.List;

/** A harvest that cannot be, with all that is wrong about it. */
public final class HarvestConfigException extends IllegalArgumentException {
    private final transient List<String> problems;

    HarvestConfigException(List<String> problems) {
        super("harvest: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each problem, in the words of a recipe. */
    public List<String> problems() {
        return problems;
    }
}

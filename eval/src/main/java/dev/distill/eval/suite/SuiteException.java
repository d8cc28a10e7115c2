package dev.distill.eval.suite;

import java.util.List;

/** A task file, a protocol or its data that cannot be used, with everything that is wrong with it. */
public final class SuiteException extends RuntimeException {
    private final transient List<String> problems;

    /** @param where the file, or the task */
    public SuiteException(String where, List<String> problems) {
        super(where + ": " + (problems.size() == 1 ? problems.getFirst() : "\n  " + String.join("\n  ", problems)));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}

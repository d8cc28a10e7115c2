package dev.distill.cli;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a command line, to be told all at once. */
final class Problems {
    private final List<String> problems = new ArrayList<>();

    void add(String problem) {
        problems.add(problem);
    }

    /** A number that must not be below its least. */
    Problems least(String option, long value, long least) {
        if (value < least) {
            add(option + " must be at least " + least + "; got " + value);
        }
        return this;
    }

    /** Whatever this refuses with a message of its own. */
    Problems refused(Runnable check) {
        return refused("", check);
    }

    /** The same, where the message does not say whose it is. */
    Problems refused(String owner, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            add(owner + e.getMessage());
        }
        return this;
    }

    List<String> all() {
        return List.copyOf(problems);
    }
}

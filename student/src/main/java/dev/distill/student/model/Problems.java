package dev.distill.student.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All that is wrong with one thing, reported at once rather than one per attempt. */
final class Problems {
    private final String owner;
    private final List<String> found = new ArrayList<>();

    Problems(String owner) {
        this.owner = owner;
    }

    void check(boolean holds, String format, Object... values) {
        if (!holds) {
            found.add(String.format(Locale.ROOT, format, values));
        }
    }

    void add(String problem) {
        found.add(problem);
    }

    /** Takes over what another part refused. */
    void add(IllegalArgumentException refusal) {
        found.add(String.valueOf(refusal.getMessage()));
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(owner + ": " + String.join("; ", found));
        }
    }
}

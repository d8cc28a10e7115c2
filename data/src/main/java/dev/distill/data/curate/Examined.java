package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trace that the filters have looked at.
 *
 * @param trace with their verdicts
 * @param failures of the filters that drop, in their order; the first is the reason
 * @param facts for choosing among those without failures
 * @param shingles to compare it with others; null where near duplicates are not looked for
 * @param promptShingles to compare its prompt with others, likewise
 */
public record Examined(
        Trace trace,
        List<Verdict> failures,
        Facts facts,
        @Nullable Shingles shingles,
        @Nullable Shingles promptShingles) {
    public Examined {
        failures = List.copyOf(failures);
    }

    /** Whether no filter drops it. */
    public boolean passed() {
        return failures.isEmpty();
    }
}

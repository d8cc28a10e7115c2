package dev.distill.data.curate;

import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.Set;

/**
 * A filter, and which of the traces that fail it are kept all the same, with its verdict as a label.
 *
 * @param labelled names that verdicts carry, whole ({@code refusal:harm}) or up to the colon ({@code refusal})
 */
public record FilterRule(TraceFilter filter, Set<String> labelled) implements Serializable {
    public FilterRule {
        labelled = Set.copyOf(labelled);
    }

    /** Whether a trace with this verdict goes. */
    boolean drops(Verdict verdict) {
        return verdict.outcome() == Verdict.Outcome.FAIL
                && !labelled.contains(verdict.by())
                && !labelled.contains(family(verdict.by()));
    }

    /** The part before the colon: {@code refusal} of {@code refusal:harm}. */
    public static String family(String by) {
        int colon = by.indexOf(':');
        return colon < 0 ? by : by.substring(0, colon);
    }
}

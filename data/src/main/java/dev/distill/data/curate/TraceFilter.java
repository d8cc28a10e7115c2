package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.List;

/**
 * One reason to drop a trace, seen from that trace alone. Filters are immutable and safe on any thread; the same trace
 * always gets the same verdict.
 */
public sealed interface TraceFilter extends Serializable
        permits Correctness,
                Finished,
                Complete,
                NonEmpty,
                LengthOutlier,
                LanguageConsistency,
                Repetition,
                Readability,
                NoCodeBlocks,
                NoIdentityLeak,
                NoRefusal,
                NoBoilerplate,
                NoSecrets,
                Decontamination {

    /** The name that its verdicts carry and that the report counts under. */
    String name();

    /**
     * What this filter found first, under its {@link #name}, or under {@code NAME:KIND} where it tells kinds of failures apart.
     * {@code FAIL} drops the trace, unless its {@link FilterRule} makes it a label; {@code UNDECIDED} and {@code PASS} keep it.
     */
    Verdict check(Trace trace);

    /**
     * The same, for a filter that looks at words: they are read once for all filters.
     *
     * @param words of this trace
     */
    default Verdict check(Trace trace, TraceWords words) {
        return check(trace);
    }

    /**
     * All that this filter found: one verdict, or several failures of a filter that tells kinds apart, each of another kind. A trace
     * goes unless all of them are labels.
     *
     * @param words of this trace
     */
    default List<Verdict> findings(Trace trace, TraceWords words) {
        return List.of(check(trace, words));
    }
}

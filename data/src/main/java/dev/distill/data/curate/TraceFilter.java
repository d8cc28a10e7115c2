package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;

/**
 * One reason to drop a trace, seen from that trace alone. Filters are immutable and safe on any thread; the same trace
 * always gets the same verdict.
 */
public sealed interface TraceFilter
        permits Correctness,
                Finished,
                NonEmpty,
                LanguageConsistency,
                Repetition,
                Readability,
                NoCodeBlocks,
                NoIdentityLeak,
                NoRefusal,
                Decontamination {

    /** The name that its verdicts carry and that the report counts under. */
    String name();

    /**
     * What this filter found, under its {@link #name}. {@code FAIL} drops the trace; {@code UNDECIDED} and {@code PASS}
     * keep it.
     */
    Verdict check(Trace trace);
}

package dev.distill.data.curate;

import dev.distill.data.trace.Trace;

/** What becomes of one trace. The trace carries the verdicts of all filters that looked at it. */
public sealed interface Decision {
    /** The trace's place in the input, from 0. */
    long position();

    Trace trace();

    /** The student may learn from this trace. */
    record Kept(long position, Trace trace) implements Decision {}

    /**
     * Not kept.
     *
     * @param reason the filter's name, or {@code duplicate}, {@code near_duplicate}, {@code per_prompt}
     * @param detail the value that decided, in one line
     */
    record Dropped(long position, Trace trace, String reason, String detail) implements Decision {}
}

package dev.distill.data.curate;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;

/** Drops completions that the model did not end itself: cut off by a limit, a content filter or a lack of servers. */
public record Finished() implements TraceFilter {
    public static final String NAME = "finished";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        return trace.finish() == FinishReason.STOP
                ? Verdict.pass(NAME, "stop")
                : Verdict.fail(NAME, trace.finish().word());
    }
}

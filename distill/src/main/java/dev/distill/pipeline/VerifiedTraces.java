package dev.distill.pipeline;

import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.VerdictReader;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Traces with what the step of verification found out about them. Verdicts stand in the order of the traces, so that memory holds one. */
final class VerifiedTraces implements Iterator<Trace> {
    private final Iterator<Trace> traces;
    private final VerdictReader verdicts;
    private @Nullable TraceVerdict next;

    VerifiedTraces(Iterator<Trace> traces, VerdictReader verdicts) throws IOException {
        this.traces = traces;
        this.verdicts = verdicts;
        this.next = verdicts.next();
    }

    @Override
    public boolean hasNext() {
        if (traces.hasNext()) {
            return true;
        }
        if (next != null) {
            throw new IllegalStateException(
                    "verify: every verdict must be of a trace of the harvest, in its order; trace " + next.traceId()
                            + " is not there: delete the folder verify (or judge/verdicts), and run that stage again");
        }
        return false;
    }

    @Override
    public Trace next() {
        Trace trace = traces.next();
        TraceVerdict row = next;
        if (row == null || !row.key().equals(TraceVerdict.Key.of(trace))) {
            return trace;
        }
        try {
            next = verdicts.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return trace.with(row.verdict());
    }
}

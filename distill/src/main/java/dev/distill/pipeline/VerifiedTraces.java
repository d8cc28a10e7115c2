package dev.distill.pipeline;

import dev.distill.data.shard.VerdictJoin;
import dev.distill.data.shard.VerdictReader;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;

/** Traces with what the step of verification found out about them. */
final class VerifiedTraces implements Iterator<Trace> {
    private final Iterator<Trace> traces;
    private final VerdictJoin verdicts;

    VerifiedTraces(Iterator<Trace> traces, VerdictReader verdicts) throws IOException {
        this.traces = traces;
        this.verdicts = new VerdictJoin(verdicts);
    }

    @Override
    public boolean hasNext() {
        if (traces.hasNext()) {
            return true;
        }
        verdicts.end();
        return false;
    }

    @Override
    public Trace next() {
        Trace trace = traces.next();
        try {
            Verdict verdict = verdicts.of(trace);
            return verdict == null ? trace : trace.with(verdict);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

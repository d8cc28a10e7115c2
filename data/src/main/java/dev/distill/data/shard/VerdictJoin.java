package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Gives traces, one after the other, what a check that ran apart found out about them. Verdicts stand in the order of the traces, so
 * that memory holds one. For one thread.
 */
public final class VerdictJoin implements Closeable {
    private final VerdictReader verdicts;
    private @Nullable TraceVerdict next;

    public VerdictJoin(VerdictReader verdicts) throws IOException {
        this.verdicts = verdicts;
        this.next = verdicts.next();
    }

    /** The verdict about the trace whose turn it is, as it is; null where there is none. */
    public @Nullable Verdict of(Trace trace) throws IOException {
        boolean mayBe = next != null && next.traceId().equals(trace.id());
        return mayBe ? of(TraceVerdict.Key.of(trace)) : null;
    }

    /** {@link #of(Trace)} of the trace of this key. */
    public @Nullable Verdict of(TraceVerdict.Key key) throws IOException {
        TraceVerdict row = next;
        if (row == null || !row.key().equals(key)) {
            return null;
        }
        next = verdicts.next();
        return row.verdict();
    }

    /**
     * There are no more traces.
     *
     * @throws IllegalStateException if there are verdicts left
     */
    public void end() {
        if (next != null) {
            throw new IllegalStateException(
                    "verify: every verdict must be of a trace of the harvest, in its order; trace " + next.traceId()
                            + " is not there: delete the folder verify (or judge/verdicts), and run that stage again");
        }
    }

    @Override
    public void close() throws IOException {
        verdicts.close();
    }
}

package dev.distill.data.shard;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a check that ran apart found out about one trace.
 *
 * @param about names what was checked, {@link #about(Trace)}: of a trace that has another by now it says nothing
 */
public record TraceVerdict(String traceId, String about, Verdict verdict) {
    /** What tells verdicts of one check apart: two traces of one id may have other answers. */
    public record Key(String traceId, String about) {
        /** Of verdicts about the trace as it is. */
        public static Key of(Trace trace) {
            return new Key(trace.id(), TraceVerdict.about(trace));
        }
    }

    public Key key() {
        return new Key(traceId, about);
    }

    /** One about the trace as it is. */
    public static TraceVerdict of(Trace trace, Verdict verdict) {
        return new TraceVerdict(trace.id(), about(trace), verdict);
    }

    /** {@link Hash} of the reference and the answer; no reference counts as an empty one. */
    public static String about(Trace trace) {
        return about(trace.reference(), trace.answer());
    }

    static String about(@Nullable String reference, String answer) {
        return Hash.of(List.of(Objects.requireNonNullElse(reference, ""), answer));
    }
}

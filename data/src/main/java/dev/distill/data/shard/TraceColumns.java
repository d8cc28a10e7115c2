package dev.distill.data.shard;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** One trace to Parquet's columns, in the order of {@link TraceSchema#PARQUET}. {@link TraceRow} reads them. */
final class TraceColumns {
    private TraceColumns() {}

    static void write(ColumnCursor out, Trace trace) {
        out.text(trace.id());
        out.text(trace.promptId());
        out.integer(trace.sample());
        out.list(trace.messages(), 2, TraceColumns::message);
        out.textOrNull(trace.reasoning());
        out.text(trace.answer());
        out.text(trace.rawReply());
        out.text(trace.finish().word());
        out.textOrNull(trace.reference());
        out.text(trace.source());
        out.text(trace.teacher());
        out.list(trace.parameters().entrySet(), 2, TraceColumns::entry);
        out.number(trace.usage().promptTokens());
        out.number(trace.usage().cacheHitTokens());
        out.number(trace.usage().completionTokens());
        out.number(trace.usage().reasoningTokens());
        out.text(trace.cost().amount().toPlainString());
        out.text(trace.cost().currency());
        out.integer(trace.attempts());
        out.number(micros(trace.completedAt()));
        out.list(trace.verdicts(), 3, TraceColumns::verdict);
        out.textOrNull(trace.domain());
        out.textOrNull(trace.licence());
        out.list(trace.extra().entrySet(), 2, TraceColumns::entry);
    }

    private static void message(ColumnCursor out, Message message) {
        out.text(message.role().word());
        out.text(message.content());
    }

    private static void entry(ColumnCursor out, Map.Entry<String, String> entry) {
        out.text(entry.getKey());
        out.text(entry.getValue());
    }

    private static void verdict(ColumnCursor out, Verdict verdict) {
        out.text(verdict.by());
        out.text(verdict.outcome().word());
        out.text(verdict.reason());
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}

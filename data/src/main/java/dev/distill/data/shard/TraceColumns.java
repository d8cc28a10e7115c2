package dev.distill.data.shard;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.jspecify.annotations.Nullable;

/** One trace to Parquet's columns, in the order of {@link TraceSchema#PARQUET}. {@link TraceRow} reads them. */
final class TraceColumns {
    private TraceColumns() {}

    static void write(RecordConsumer out, Trace trace) {
        Columns row = new Columns(out, TraceSchema.PARQUET);
        row.text("id", trace.id());
        row.text("prompt_id", trace.promptId());
        row.integer("sample", trace.sample());
        row.list("messages", trace.messages(), TraceColumns::message);
        row.text("reasoning", trace.reasoning());
        row.text("answer", trace.answer());
        row.text("raw_reply", trace.rawReply());
        row.text("finish", trace.finish().word());
        row.text("reference", trace.reference());
        row.text("source", trace.source());
        row.text("teacher", trace.teacher());
        row.map("parameters", trace.parameters());
        row.group("usage", trace.usage(), TraceColumns::usage);
        row.group("cost", trace.cost(), TraceColumns::cost);
        row.integer("attempts", trace.attempts());
        row.number("completed_at", micros(trace.completedAt()));
        row.list("verdicts", trace.verdicts(), TraceColumns::verdict);
        row.text("domain", trace.domain());
        row.text("licence", trace.licence());
        row.map("extra", trace.extra());
    }

    private static void message(Columns group, Message message) {
        group.text("role", message.role().word());
        group.text("content", message.content());
    }

    private static void usage(Columns group, Usage usage) {
        group.number("prompt_tokens", usage.promptTokens());
        group.number("cache_hit_tokens", usage.cacheHitTokens());
        group.number("completion_tokens", usage.completionTokens());
        group.number("reasoning_tokens", usage.reasoningTokens());
    }

    private static void cost(Columns group, Money cost) {
        group.text("amount", cost.amount().toPlainString());
        group.text("currency", cost.currency());
    }

    private static void verdict(Columns group, Verdict verdict) {
        group.text("by", verdict.by());
        group.text("outcome", verdict.outcome().word());
        group.text("reason", verdict.reason());
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** Writes the fields of one group. */
    private interface Element<T> {
        void write(Columns group, T value);
    }

    /** The fields of one group, by name. A null is left out, which is how Parquet writes it. */
    private record Columns(RecordConsumer out, GroupType type) {
        void text(String name, @Nullable String value) {
            if (value != null) {
                int index = start(name);
                // Not Binary.fromString: that fails for half a surrogate pair, which a reply that was cut may hold.
                out.addBinary(Binary.fromConstantByteArray(value.getBytes(StandardCharsets.UTF_8)));
                out.endField(name, index);
            }
        }

        void integer(String name, int value) {
            int index = start(name);
            out.addInteger(value);
            out.endField(name, index);
        }

        void number(String name, long value) {
            int index = start(name);
            out.addLong(value);
            out.endField(name, index);
        }

        <T> void group(String name, T value, Element<T> content) {
            int index = start(name);
            out.startGroup();
            content.write(new Columns(out, type.getType(index).asGroupType()), value);
            out.endGroup();
            out.endField(name, index);
        }

        <T> void list(String name, List<T> values, Element<T> element) {
            repeated(name, "list", values, (entry, value) -> entry.group("element", value, element));
        }

        void map(String name, Map<String, String> values) {
            repeated(name, "key_value", values.entrySet(), (entry, value) -> {
                entry.text("key", value.getKey());
                entry.text("value", value.getValue());
            });
        }

        private <T> void repeated(String name, String inner, Collection<T> values, Element<T> element) {
            group(name, values, (outer, all) -> {
                // A repeated field without an entry must not be started at all.
                if (!all.isEmpty()) {
                    int index = outer.start(inner);
                    Columns entry = new Columns(out, outer.type.getType(index).asGroupType());
                    for (T value : all) {
                        out.startGroup();
                        element.write(entry, value);
                        out.endGroup();
                    }
                    out.endField(inner, index);
                }
            });
        }

        private int start(String name) {
            int index = type.getFieldIndex(name);
            out.startField(name, index);
            return index;
        }
    }
}

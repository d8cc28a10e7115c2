package dev.distill.data.shard;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.jspecify.annotations.Nullable;

/** One trace to Parquet's columns, in the order of {@link TraceSchema#PARQUET}. {@link TraceGroup} reads them. */
final class TraceWriteSupport extends WriteSupport<Trace> {
    private @Nullable RecordConsumer consumer;

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        return new WriteContext(TraceSchema.PARQUET, Map.of(ShardForm.KEY, TraceSchema.NAME_AND_VERSION));
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in the class above, so it must be here
    public WriteContext init(Configuration configuration) {
        throw new UnsupportedOperationException("shards are written without Hadoop's configuration");
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        this.consumer = recordConsumer;
    }

    @Override
    public void write(Trace trace) {
        Columns row = new Columns(Objects.requireNonNull(consumer, "prepareForWrite comes first"), TraceSchema.PARQUET);
        row.out.startMessage();
        row.text("id", trace.id());
        row.text("prompt_id", trace.promptId());
        row.integer("sample", trace.sample());
        row.list("messages", trace.messages(), TraceWriteSupport::message);
        row.text("reasoning", trace.reasoning());
        row.text("answer", trace.answer());
        row.text("raw_reply", trace.rawReply());
        row.text("finish", trace.finish().word());
        row.text("reference", trace.reference());
        row.text("source", trace.source());
        row.text("teacher", trace.teacher());
        row.map("parameters", trace.parameters());
        row.group("usage", group -> usage(group, trace.usage()));
        row.group("cost", group -> cost(group, trace.cost()));
        row.integer("attempts", trace.attempts());
        row.number("completed_at", micros(trace.completedAt()));
        row.list("verdicts", trace.verdicts(), TraceWriteSupport::verdict);
        row.text("domain", trace.domain());
        row.text("licence", trace.licence());
        row.map("extra", trace.extra());
        row.out.endMessage();
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

    /** Writes one element of a list. */
    private interface Element<T> {
        void write(Columns group, T value);
    }

    /** The fields of one group, by name. A null is left out, which is how Parquet writes it. */
    private record Columns(RecordConsumer out, GroupType type) {
        void text(String name, @Nullable String value) {
            if (value != null) {
                // Not Binary.fromString: that fails for half a surrogate pair, which a reply that was cut may hold.
                byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
                field(name, () -> out.addBinary(Binary.fromConstantByteArray(utf8)));
            }
        }

        void integer(String name, int value) {
            field(name, () -> out.addInteger(value));
        }

        void number(String name, long value) {
            field(name, () -> out.addLong(value));
        }

        void group(String name, Consumer<Columns> content) {
            field(name, () -> {
                out.startGroup();
                content.accept(new Columns(out, type.getType(name).asGroupType()));
                out.endGroup();
            });
        }

        <T> void list(String name, List<T> values, Element<T> element) {
            repeated(
                    name,
                    "list",
                    values,
                    (entry, value) -> entry.group("element", group -> element.write(group, value)));
        }

        void map(String name, Map<String, String> values) {
            repeated(name, "key_value", values.entrySet(), (entry, value) -> {
                entry.text("key", value.getKey());
                entry.text("value", value.getValue());
            });
        }

        private <T> void repeated(String name, String inner, Iterable<T> values, Element<T> element) {
            group(name, outer -> {
                // A repeated field without an entry must not be started at all.
                if (values.iterator().hasNext()) {
                    outer.field(inner, () -> {
                        Columns entry =
                                new Columns(out, outer.type.getType(inner).asGroupType());
                        for (T value : values) {
                            out.startGroup();
                            element.write(entry, value);
                            out.endGroup();
                        }
                    });
                }
            });
        }

        private void field(String name, Runnable content) {
            int index = type.getFieldIndex(name);
            out.startField(name, index);
            content.run();
            out.endField(name, index);
        }
    }
}

package dev.distill.data.shard;

import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/** The columns of stored verdicts. A change here is a new version, a section in docs/formats.md and a reader for the old. */
final class VerdictSchema {
    static final String NAME_AND_VERSION = "verdicts/2";

    private static final MessageType PARQUET = MessageTypeParser.parseMessageType("""
            message verdicts {
              required binary trace_id (STRING);
              required binary about (STRING);
              required binary by (STRING);
              required binary outcome (STRING);
              required binary reason (STRING);
            }
            """);

    static final ShardForm<TraceVerdict> FORM = new ShardForm<>(
            NAME_AND_VERSION, PARQUET, Rows::new, VerdictSchema::read, List.of("trace_id", "about", "reason"));

    private VerdictSchema() {}

    private static TraceVerdict read(Group row) {
        return new TraceVerdict(
                row.getString("trace_id", 0),
                row.getString("about", 0),
                new Verdict(row.getString("by", 0), outcome(row.getString("outcome", 0)), row.getString("reason", 0)));
    }

    /** @throws IllegalArgumentException if there is no such outcome */
    static Verdict.Outcome outcome(String word) {
        return Verdict.Outcome.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static final class Rows extends WriteSupport<TraceVerdict> {
        private @Nullable RecordConsumer consumer;

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(PARQUET, Map.of(ShardForm.KEY, NAME_AND_VERSION));
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
        public void write(TraceVerdict row) {
            RecordConsumer out = Objects.requireNonNull(consumer, "prepareForWrite comes first");
            out.startMessage();
            put(out, 0, row.traceId());
            put(out, 1, row.about());
            put(out, 2, row.verdict().by());
            put(out, 3, row.verdict().outcome().word());
            put(out, 4, row.verdict().reason());
            out.endMessage();
        }

        private static void put(RecordConsumer out, int column, String value) {
            String name = PARQUET.getFieldName(column);
            out.startField(name, column);
            out.addBinary(Binary.fromString(value));
            out.endField(name, column);
        }
    }
}

package dev.distill.data.shard;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/** The columns of a teacher's tokens on disk. A change here is a new version, a section in docs/formats.md and a reader for the old. */
final class TokenSchema {
    private static final String NAME_AND_VERSION = "teacher-tokens/1";

    private static final MessageType PARQUET = MessageTypeParser.parseMessageType("""
            message tokens {
              required binary trace_id (STRING);
              required binary tokens;
            }
            """);

    static final ShardForm<TeacherTokens> FORM = new ShardForm<>(
            NAME_AND_VERSION,
            PARQUET,
            Rows::new,
            row -> new TeacherTokens(
                    row.getString("trace_id", 0),
                    SaidTokens.of(row.getBinary("tokens", 0).getBytes())),
            List.of("trace_id", "tokens"));

    private TokenSchema() {}

    private static final class Rows extends WriteSupport<TeacherTokens> {
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
        public void write(TeacherTokens row) {
            RecordConsumer out = Objects.requireNonNull(consumer, "prepareForWrite comes first");
            out.startMessage();
            put(out, 0, Binary.fromString(row.traceId()));
            put(out, 1, Binary.fromConstantByteArray(row.tokens().code()));
            out.endMessage();
        }

        private static void put(RecordConsumer out, int column, Binary value) {
            String name = PARQUET.getFieldName(column);
            out.startField(name, column);
            out.addBinary(value);
            out.endField(name, column);
        }
    }
}

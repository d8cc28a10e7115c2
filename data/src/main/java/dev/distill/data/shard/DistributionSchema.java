package dev.distill.data.shard;

import java.util.HashMap;
import java.util.List;
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

/** The columns of a teacher's distributions on disk. A change here is a new version, a section in docs/formats.md and a reader for the old. */
final class DistributionSchema {
    private static final String NAME_AND_VERSION = "teacher-distributions/1";

    private static final MessageType PARQUET = MessageTypeParser.parseMessageType("""
            message distributions {
              required binary trace_id (STRING);
              required binary sample (STRING);
              required int32 places;
              required int32 top_k;
              required binary distributions;
            }
            """);

    private DistributionSchema() {}

    /** Rows of files that name this source. */
    static ShardForm<TeacherDistributions> writing(DistributionSource source) {
        return form(source.metadata());
    }

    /** Rows of files that are read. */
    static ShardForm<TeacherDistributions> reading() {
        return form(Map.of());
    }

    private static ShardForm<TeacherDistributions> form(Map<String, String> metadata) {
        return new ShardForm<>(
                NAME_AND_VERSION,
                PARQUET,
                () -> new Rows(metadata),
                DistributionSchema::read,
                List.of("trace_id", "sample", "distributions"));
    }

    private static TeacherDistributions read(Group row) {
        return new TeacherDistributions(
                row.getString("trace_id", 0),
                row.getString("sample", 0),
                row.getInteger("places", 0),
                row.getInteger("top_k", 0),
                row.getBinary("distributions", 0).getBytes());
    }

    private static final class Rows extends WriteSupport<TeacherDistributions> {
        private final Map<String, String> metadata;
        private @Nullable RecordConsumer consumer;

        Rows(Map<String, String> metadata) {
            this.metadata = new HashMap<>(metadata);
            this.metadata.put(ShardForm.KEY, NAME_AND_VERSION);
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(PARQUET, metadata);
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
        public void write(TeacherDistributions row) {
            RecordConsumer out = Objects.requireNonNull(consumer, "prepareForWrite comes first");
            out.startMessage();
            put(out, 0, Binary.fromString(row.traceId()));
            put(out, 1, Binary.fromString(row.sampleHash()));
            put(out, 2, row.places());
            put(out, 3, row.k());
            put(out, 4, Binary.fromConstantByteArray(row.code()));
            out.endMessage();
        }

        private static void put(RecordConsumer out, int column, Object value) {
            String name = PARQUET.getFieldName(column);
            out.startField(name, column);
            switch (value) {
                case Integer number -> out.addInteger(number);
                case Binary bytes -> out.addBinary(bytes);
                default -> throw new IllegalArgumentException("no such column: " + value);
            }
            out.endField(name, column);
        }
    }
}

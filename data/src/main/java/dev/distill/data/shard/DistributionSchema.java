package dev.distill.data.shard;

import java.util.Map;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The columns of a teacher's distributions on disk. A change here is a new version, a section in docs/formats.md and a reader for the old. */
final class DistributionSchema {
    private static final String NAME_AND_VERSION = "teacher-distributions/1";

    /** About what the other columns of a row have, in bytes. */
    private static final int OTHERS = 112;

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
                Map.of(),
                metadata,
                DistributionSchema::write,
                DistributionSchema::read,
                row -> row.code().length + OTHERS,
                Set.of("trace_id", "sample", "distributions"),
                "trace_id");
    }

    private static void write(ColumnCursor out, TeacherDistributions row) {
        out.text(row.traceId());
        out.text(row.sampleHash());
        out.integer(row.places());
        out.integer(row.k());
        out.bytes(row.code());
    }

    private static TeacherDistributions read(Row row) {
        return new TeacherDistributions(
                row.text("trace_id"),
                row.text("sample"),
                row.integer("places"),
                row.integer("top_k"),
                row.bytes("distributions"));
    }
}

package dev.distill.data.shard;

import java.util.Map;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

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
            Map.of(),
            Map.of(),
            TokenSchema::write,
            row -> new TeacherTokens(row.text("trace_id"), SaidTokens.of(row.bytes("tokens"))),
            row -> row.tokens().bytes(),
            Set.of("trace_id", "tokens"),
            "trace_id");

    private TokenSchema() {}

    private static void write(ColumnCursor out, TeacherTokens row) {
        out.text(row.traceId());
        out.bytes(row.tokens().code());
    }
}

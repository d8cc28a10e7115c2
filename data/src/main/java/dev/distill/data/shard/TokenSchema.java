package dev.distill.data.shard;

import java.util.List;
import java.util.Map;
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
            () -> new FlatRows<>(PARQUET, NAME_AND_VERSION, Map.of(), TokenSchema::columns),
            row -> new TeacherTokens(
                    row.getString("trace_id", 0),
                    SaidTokens.of(row.getBinary("tokens", 0).getBytes())),
            List.of("trace_id", "tokens"));

    private TokenSchema() {}

    private static List<?> columns(TeacherTokens row) {
        return List.of(row.traceId(), row.tokens().code());
    }
}

package dev.distill.data.shard;

import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

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
            NAME_AND_VERSION,
            PARQUET,
            Map.of(),
            () -> new FlatRows<>(PARQUET, NAME_AND_VERSION, Map.of(), VerdictSchema::columns),
            VerdictSchema::read,
            List.of("trace_id", "about", "reason"));

    private VerdictSchema() {}

    private static List<?> columns(TraceVerdict row) {
        Verdict verdict = row.verdict();
        return List.of(
                row.traceId(), row.about(), verdict.by(), verdict.outcome().word(), verdict.reason());
    }

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
}

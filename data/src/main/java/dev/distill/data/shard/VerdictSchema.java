package dev.distill.data.shard;

import dev.distill.data.trace.Verdict;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The columns of stored verdicts. A change here is a new version, a section in docs/formats.md and a reader for the old. */
final class VerdictSchema {
    static final String NAME_AND_VERSION = "verdicts/2";

    /** About what the other columns of a verdict have, in bytes. */
    private static final int OTHERS = 80;

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
            Map.of(),
            VerdictSchema::write,
            VerdictSchema::read,
            row -> row.about().length() + row.verdict().reason().length() + OTHERS,
            Set.of("trace_id", "about", "reason"),
            "trace_id");

    private VerdictSchema() {}

    private static void write(ColumnCursor out, TraceVerdict row) {
        out.text(row.traceId());
        out.text(row.about());
        out.text(row.verdict().by());
        out.text(row.verdict().outcome().word());
        out.text(row.verdict().reason());
    }

    private static TraceVerdict read(Row row) {
        return new TraceVerdict(
                row.text("trace_id"),
                row.text("about"),
                new Verdict(row.text("by"), outcome(row.text("outcome")), row.text("reason")));
    }

    /** @throws IllegalArgumentException if there is no such outcome */
    static Verdict.Outcome outcome(String word) {
        return Verdict.Outcome.valueOf(word.toUpperCase(Locale.ROOT));
    }
}

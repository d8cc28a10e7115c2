package dev.distill.data.shard;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The columns of a trace on disk. A change here is a new {@link #VERSION}, a section in docs/formats.md and a reader for the old. */
final class TraceSchema {
    /** What a file calls its own schema: written into the Parquet footer, the Arrow schema and the manifest. */
    static final String NAME = "traces";

    static final int VERSION = 2;
    static final String NAME_AND_VERSION = NAME + "/" + VERSION;
    /** The columns {@code domain}, {@code licence} and {@code extra} are not in it. */
    static final String FIRST = NAME + "/1";

    /** About what the other columns of a trace have, in bytes. */
    private static final int OTHERS = 256;

    private static final Set<String> SINCE_SECOND = Set.of("domain", "licence", "extra");

    static final MessageType PARQUET = MessageTypeParser.parseMessageType("""
            message trace {
              required binary id (STRING);
              required binary prompt_id (STRING);
              required int32 sample;
              required group messages (LIST) {
                repeated group list {
                  required group element {
                    required binary role (STRING);
                    required binary content (STRING);
                  }
                }
              }
              optional binary reasoning (STRING);
              required binary answer (STRING);
              required binary raw_reply (STRING);
              required binary finish (STRING);
              optional binary reference (STRING);
              required binary source (STRING);
              required binary teacher (STRING);
              required group parameters (MAP) {
                repeated group key_value {
                  required binary key (STRING);
                  required binary value (STRING);
                }
              }
              required group usage {
                required int64 prompt_tokens;
                required int64 cache_hit_tokens;
                required int64 completion_tokens;
                required int64 reasoning_tokens;
              }
              required group cost {
                required binary amount (STRING);
                required binary currency (STRING);
              }
              required int32 attempts;
              required int64 completed_at (TIMESTAMP(MICROS,true));
              required group verdicts (LIST) {
                repeated group list {
                  required group element {
                    required binary by (STRING);
                    required binary outcome (STRING);
                    required binary reason (STRING);
                  }
                }
              }
              optional binary domain (STRING);
              optional binary licence (STRING);
              required group extra (MAP) {
                repeated group key_value {
                  required binary key (STRING);
                  required binary value (STRING);
                }
              }
            }
            """);

    private static final MessageType PARQUET_FIRST = new MessageType(
            PARQUET.getName(),
            PARQUET.getFields().stream()
                    .filter(column -> !SINCE_SECOND.contains(column.getName()))
                    .toList());

    /** Traces as rows. */
    static final ShardForm<Trace> FORM = new ShardForm<>(
            NAME_AND_VERSION,
            PARQUET,
            Map.of(FIRST, PARQUET_FIRST),
            Map.of(),
            TraceColumns::write,
            TraceRow::trace,
            TraceSchema::size,
            Set.of("id", "prompt_id", "reasoning", "answer", "raw_reply", "messages.list.element.content"),
            "id");

    private static final MessageType CHECKED = new MessageType(
            PARQUET.getName(), PARQUET.getType("id"), PARQUET.getType("reference"), PARQUET.getType("answer"));

    /** What tells verdicts about traces apart, without the rest of them; nothing is written so. */
    static final ShardForm<TraceVerdict.Key> KEYS = new ShardForm<>(
            NAME_AND_VERSION,
            CHECKED,
            Map.of(FIRST, CHECKED),
            Map.of(),
            (_, _) -> {
                throw new IllegalStateException("traces: three columns are no row");
            },
            row -> new TraceVerdict.Key(row.text(0), TraceVerdict.about(row.textOrNull(1), row.text(2))),
            key -> key.traceId().length() + key.about().length(),
            Set.of(),
            "id");

    private TraceSchema() {}

    private static long size(Trace trace) {
        long size = trace.answer().length() + trace.rawReply().length();
        size += trace.reasoning() == null ? 0 : trace.reasoning().length();
        for (Message message : trace.messages()) {
            size += message.content().length();
        }
        for (String value : trace.extra().values()) {
            size += value.length();
        }
        return size + OTHERS;
    }
}

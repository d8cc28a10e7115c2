package dev.distill.data.shard;

import dev.distill.data.trace.Trace;
import java.util.List;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** The columns of a trace on disk. A change here is a new {@link #VERSION}, a section in docs/formats.md and a reader for the old. */
final class TraceSchema {
    /** What a file calls its own schema: written into the Parquet footer, the Arrow schema and the manifest. */
    static final String NAME = "traces";

    static final int VERSION = 1;
    static final String NAME_AND_VERSION = NAME + "/" + VERSION;

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
            }
            """);

    /** Traces as rows. */
    static final ShardForm<Trace> FORM = new ShardForm<>(
            NAME_AND_VERSION,
            PARQUET,
            TraceWriteSupport::new,
            TraceGroup::trace,
            List.of("id", "prompt_id", "reasoning", "answer", "raw_reply", "messages.list.element.content"));

    private TraceSchema() {}
}

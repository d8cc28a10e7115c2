package dev.distill.data.curate;

import org.jspecify.annotations.Nullable;

/**
 * What is left of one trace when it has been looked at alone: all that choosing and telling need, without its texts.
 *
 * @param facts by which it is chosen
 * @param promptId of the trace
 * @param source of the trace
 * @param size of the trace in a shard, {@link dev.distill.data.shard.TraceShards#size}
 * @param failure why a filter drops it; null where none does
 */
public record ExaminedRow(
        Facts facts,
        String promptId,
        String source,
        int size,
        @Nullable Fate failure) {}

/**
 * Traces on disk: a folder of Parquet files with a manifest and a card; the same schema as an Arrow stream. And the
 * manifest that every stage of a run leaves in its folder.
 *
 * <p>Parquet, Arrow and Hadoop types stay inside this package. What a trace means is {@code dev.distill.data.trace}'s; other
 * people's formats are read by {@code dev.distill.data.intake}. Start with {@link dev.distill.data.shard.TraceWriter} and
 * {@link dev.distill.data.shard.TraceReader}; the columns stand in {@link dev.distill.data.shard.TraceSchema} and in
 * docs/formats.md.
 */
@NullMarked
package dev.distill.data.shard;

import org.jspecify.annotations.NullMarked;

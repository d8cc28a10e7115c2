/**
 * Folders of traces written for other people's programs: conversations, pairs and the columns of OpenR1-Math, as JSON lines or as a data set of the Hugging
 * Face hub, with a card that says how they were made.
 *
 * <p>Parquet itself is {@code dev.distill.data.shard}'s; the way in is {@code dev.distill.data.intake}'s. Start with {@link
 * dev.distill.data.publish.TraceExport}; a format's rows are a {@link dev.distill.data.publish.TraceTable}.
 */
@NullMarked
package dev.distill.data.publish;

import org.jspecify.annotations.NullMarked;

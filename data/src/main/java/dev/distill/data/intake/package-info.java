/**
 * Other people's files, JSON lines, JSON lists or Parquet: prompts read into {@link dev.distill.data.trace.Prompt}s, and traces into folders of traces.
 *
 * <p>What Distill writes itself is read by {@code dev.distill.data.shard}, which also turns rows of Parquet into plain values; the way back is {@code
 * dev.distill.data.publish}'s. Start with {@link dev.distill.data.intake.PromptFile} and {@link dev.distill.data.intake.TraceImport}; which columns are known
 * stands in {@link dev.distill.data.intake.TraceFormat}.
 */
@NullMarked
package dev.distill.data.intake;

import org.jspecify.annotations.NullMarked;

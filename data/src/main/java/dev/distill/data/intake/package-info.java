/**
 * Other people's files of prompts, JSON lines or Parquet, read into {@link dev.distill.data.trace.Prompt}s.
 *
 * <p>What Distill writes itself is read by {@code dev.distill.data.shard}, which also turns rows of Parquet into plain values. Start with
 * {@link dev.distill.data.intake.PromptFile}.
 */
@NullMarked
package dev.distill.data.intake;

import org.jspecify.annotations.NullMarked;

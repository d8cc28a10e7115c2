/**
 * Other people's files of prompts, read into {@link dev.distill.data.trace.Prompt}s.
 *
 * <p>What Distill writes itself is read by {@code dev.distill.data.shard}. Start with
 * {@link dev.distill.data.intake.PromptFile}.
 */
@NullMarked
package dev.distill.data.intake;

import org.jspecify.annotations.NullMarked;

/**
 * Where text meets tensors when a student answers: a model opened with its tokenizer and chat template, ids turned into
 * text as they come ({@code ReplyStream}), reasoning told apart from the answer, stop strings. Many texts at a time are
 * {@link dev.distill.respond.TextGenerator}'s, one that goes on turn by turn {@link dev.distill.respond.Chat}'s.
 *
 * <p>The model itself is {@code dev.distill.student}'s, tokenizer and template are {@code dev.distill.data}'s. Start with
 * {@link dev.distill.respond.Student}.
 */
@NullMarked
package dev.distill.respond;

import org.jspecify.annotations.NullMarked;

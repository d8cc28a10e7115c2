/**
 * Where text meets tensors when a student answers: a model opened with its tokenizer and chat template, ids turned into
 * text as they come, reasoning told apart from the answer.
 *
 * <p>The model itself is {@code dev.distill.student}'s, tokenizer and template are {@code dev.distill.data}'s. Start with
 * {@link dev.distill.respond.Student}.
 */
@NullMarked
package dev.distill.respond;

import org.jspecify.annotations.NullMarked;

/**
 * Continuing token sequences: choosing the next token, many rows at once, rows joining and leaving.
 *
 * <p>Ids only. Text, templates and stop strings are {@code dev.distill.respond}'s in module {@code distill}; the cache
 * and the passes through the model are {@link dev.distill.student.model.DecodingSession}'s. Start with
 * {@link dev.distill.student.generate.Generator}; a conversation, whose texts begin alike, is
 * {@link dev.distill.student.generate.DialogueGenerator}'s.
 */
@NullMarked
package dev.distill.student.generate;

import org.jspecify.annotations.NullMarked;

/**
 * The model: its shape, where its weights come from, and the one decoder that computes it.
 *
 * <p>What a layer computes lives in {@code dev.distill.student.layer}; how weights lie in a file, in
 * {@code dev.distill.student.weights}; choosing the next token, in {@code dev.distill.student.generate}. Start with
 * {@link dev.distill.student.model.ModelConfig}, then {@link dev.distill.student.model.Decoder}.
 */
@NullMarked
package dev.distill.student.model;

import org.jspecify.annotations.NullMarked;

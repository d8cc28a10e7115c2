/**
 * From tokenised traces to the rows of token ids that a student is trained on: which samples stand in which batch of which
 * epoch, and what is a target.
 *
 * <p>Plain integer arrays: tensors are made of them in {@code dev.distill.train}, where a trace becomes a sample too (with
 * {@code dev.distill.data.template} and {@code dev.distill.data.tokenize}). Start with {@link dev.distill.data.pack.Batches}.
 */
@NullMarked
package dev.distill.data.pack;

import org.jspecify.annotations.NullMarked;

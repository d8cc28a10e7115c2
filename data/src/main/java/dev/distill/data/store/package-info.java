/**
 * Tokenised traces on the disk: so many that they do not fit into memory are made once, written one behind the other, and read where
 * they lie, in any order.
 *
 * <p>How a trace becomes a sample is {@code dev.distill.data.template}'s, which samples stand together in a batch
 * {@code dev.distill.data.pack}'s. The format is described in docs/formats.md. Start with
 * {@link dev.distill.data.store.SampleStore}.
 */
@NullMarked
package dev.distill.data.store;

import org.jspecify.annotations.NullMarked;

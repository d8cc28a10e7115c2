/**
 * Models and data sets of the Hugging Face hub, fetched into the cache that Python's {@code huggingface_hub} keeps, and read from there:
 * ids, the file list, resumable downloads that are checked by their hashes, the cache's layout and locks.
 *
 * <p>What a model's files mean is not known here: {@code dev.distill.student.weights} and {@code dev.distill.respond} read
 * them. Start with {@link dev.distill.hub.ModelSource}, which says what a model argument means, then {@link
 * dev.distill.hub.Hub#fetch}.
 */
@NullMarked
package dev.distill.hub;

import org.jspecify.annotations.NullMarked;

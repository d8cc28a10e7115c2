/**
 * What others load: a Hugging Face folder with weights, config, tokenizer, chat template and model card, a PEFT adapter
 * beside it, and the gate that compares what was written with the model in memory.
 *
 * <p>File formats of weights are {@code dev.distill.student.weights}'s. Start with {@link
 * dev.distill.export.HuggingFaceExport}.
 */
@NullMarked
package dev.distill.export;

import org.jspecify.annotations.NullMarked;

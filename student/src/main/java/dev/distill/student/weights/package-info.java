/**
 * Weights on disk: safetensors and GGUF in, safetensors out, a training checkpoint's folder.
 *
 * <p>Files are memory-mapped and their bytes used in place; a reader trusts nothing that the file says about itself
 * before it has checked it. What the tensors mean is {@code model}'s business, tokenizers and chat templates are not
 * this module's (a GGUF's tokenizer leaves as a plain map). Start with {@link
 * dev.distill.student.weights.SafetensorsFile}; {@link dev.distill.student.weights.WeightsFolder} is a Hugging Face
 * folder of one or several of them.
 */
@NullMarked
package dev.distill.student.weights;

import org.jspecify.annotations.NullMarked;

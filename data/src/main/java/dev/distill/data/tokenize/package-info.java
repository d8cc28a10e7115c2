/**
 * Text to token ids and back.
 *
 * <p>Start with {@link dev.distill.data.tokenize.Tokenizer}, the contract. {@link
 * dev.distill.data.tokenize.TokenizerFile} opens a {@code tokenizer.json} and decides what runs it: {@link
 * dev.distill.data.tokenize.BpeTokenizer}, a byte-level BPE in Java, fast and without native code, or {@link
 * dev.distill.data.tokenize.HfTokenizer}, Hugging Face's own code, which reads them all; {@link
 * dev.distill.data.tokenize.BpeTrainer} makes a small one from texts, for a student that starts from nothing; {@link
 * dev.distill.data.tokenize.StreamDecoder} turns ids into text while they are being generated.
 *
 * <p>How a conversation becomes the text that is encoded here is {@code dev.distill.data.template}'s business; how
 * samples are laid out for training, {@code dev.distill.data.pack}'s. The tokenizer inside a GGUF file is read by {@code
 * student} as plain metadata, which {@link dev.distill.data.tokenize.GgufTokenizer} turns into a {@code tokenizer.json}.
 */
@NullMarked
package dev.distill.data.tokenize;

import org.jspecify.annotations.NullMarked;

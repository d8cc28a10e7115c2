/**
 * The training loop: batches in, steps, metrics and checkpoints out. Objective, batch source and adapter vary; the loop
 * does not.
 *
 * <p>Who watches a training beside its caller (TensorBoard, Flight Recorder, samples) lives in {@code dev.distill.train.watch};
 * a teacher whose probabilities are learnt beside the text, in {@code dev.distill.train.teach}.
 * What a step computes is {@code dev.distill.student}'s; how traces become samples is {@code dev.distill.data}'s; which
 * run does what is {@code dev.distill.pipeline}'s. Start with {@link dev.distill.train.Trainer}.
 */
@NullMarked
package dev.distill.train;

import org.jspecify.annotations.NullMarked;

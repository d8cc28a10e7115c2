/**
 * How gradients become better weights: AdamW (its moments in FLOAT or in eight bits), Muon, clipping, the learning rate's course, and one step of training that puts
 * them together.
 *
 * <p>Which batches come, when to save and when to stop is the trainer's, in module {@code distill}; the arithmetic of
 * an update is {@code dev.distill.student.ops}'. Start with {@link dev.distill.student.optim.TrainStep}.
 */
@NullMarked
package dev.distill.student.optim;

import org.jspecify.annotations.NullMarked;

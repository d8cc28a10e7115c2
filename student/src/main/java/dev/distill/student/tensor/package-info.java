/**
 * The memory of the model: handles on off-heap numbers, and who owns them.
 *
 * <p>Belongs here: {@link dev.distill.student.tensor.Tensor} (shape, type, storage),
 * {@link dev.distill.student.tensor.DType}, and {@link dev.distill.student.tensor.Workspace}, the memory of one training step.
 * Does not belong here: anything that computes, which is {@code student.ops}; reading weights from files, which is
 * {@code student.weights}. Nothing here needs ND4J on the class path.
 *
 * <p>Weights live in an {@link java.lang.foreign.Arena} that their model owns; activations live in a workspace and die with the step.
 *
 * <p>Start reading at {@link dev.distill.student.tensor.Tensor}.
 */
@NullMarked
package dev.distill.student.tensor;

import org.jspecify.annotations.NullMarked;

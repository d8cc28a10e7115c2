/**
 * What the layers of a model compute with: about twenty-five coarse, fused operations, each with its backward beside it.
 *
 * <p>Belongs here: the contract {@link dev.distill.student.ops.Ops}, its small parameter records, and
 * {@link dev.distill.student.ops.Rules}, the shape rules that every backend enforces. Backends have packages of their own:
 * {@code ops.nd4j}, plain ND4J calls, slow, the meaning of each operation; {@code ops.cpu}, the fast one on processors. Does not belong
 * here: anything with parameters or state, which is {@code student.layer}; the choice of learning rates, which is {@code student.optim}.
 * Nothing in this package needs ND4J on the class path.
 *
 * <p>Start reading at {@link dev.distill.student.ops.Ops}.
 */
@NullMarked
package dev.distill.student.ops;

import org.jspecify.annotations.NullMarked;

/**
 * The fast backend on processors: Vector API kernels over off-heap memory, spread over a fixed number of threads.
 *
 * <p>Belongs here: {@link dev.distill.student.ops.cpu.CpuOps} and its kernels. {@code Workers} runs tasks, {@code Floats} reads and writes
 * vectors, {@code Gemm} multiplies matrices, {@code OneDnn} the large ones through ND4J; the others are one kernel each, forward and backward together. Does not belong here: shape
 * rules, which are {@link dev.distill.student.ops.Rules}; kernels trust the shapes that {@code CpuOps} has checked.
 *
 * <p>Results of our own kernels do not depend on the number of threads: work is cut into tasks by shape alone, and every number is computed by one task in one
 * order. Nor do they depend on the JIT compiler: no reduction of unspecified order, no library transcendental.
 * Products that oneDNN computes are repeatable for one number of threads.
 *
 * <p>Start reading at {@link dev.distill.student.ops.cpu.CpuOps}.
 */
@NullMarked
package dev.distill.student.ops.cpu;

import org.jspecify.annotations.NullMarked;

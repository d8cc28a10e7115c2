/**
 * The fast backend on processors: Vector API kernels over off-heap memory, spread over a fixed number of threads.
 *
 * <p>Belongs here: {@link dev.distill.student.ops.cpu.CpuOps} and its kernels. {@code Workers} runs tasks; {@code Floats}, {@code Halves} and
 * {@code Bytes} read and write vectors of the three types; {@code Numbers} gives kernels floats whatever is stored, {@code DynamicNumbers} and
 * {@code NormalFloats} those of eight and four bits. {@code Linears} leads to the products: {@code RowProducts} for a few rows, {@code Gemm} our own,
 * {@code OneDnn} the large ones, through ND4J or by oneDNN's own library ({@code LargeProducts} in FLOAT or BFLOAT16, {@code QuantizedProducts} in
 * INT8), each cut into {@code ProductTiles} that one thread computes; {@code PackedProducts} those of weights
 * that are only read, by oneDNN itself; {@code Tile} is the innermost loop of what is our own. Attention is our tiles' ({@code AttentionForward}) or, for long sequences of BFLOAT16, oneDNN's ({@code GroupedForward}). The others are
 * one kernel each, forward and backward together. Does not belong here: shape rules, which are {@link dev.distill.student.ops.Rules}; kernels
 * trust the shapes that {@code CpuOps} has checked.
 *
 * <p>Results of our own kernels do not depend on the number of threads: work is cut into tasks by shape alone, and every number is computed by
 * one task in one order. Nor do they depend on the JIT compiler: no reduction of unspecified order, no library transcendental. Products that
 * oneDNN computes are repeatable for one number of threads.
 *
 * <p>In a kernel's loop no vector may meet another at a branch ({@code flag ? a : b}, an {@code if} that changes one): the compiler then allocates
 * each of them. Write two loops. Nor may one method, with all that is inlined into it, hold more than one exponential: what the compiler refuses to
 * inline then (NodeCountInliningCutoff) takes and gives allocated vectors. A kernel of more than 325 bytes of code is compiled by itself.
 * So are methods called {@code ..Block}, loops over a stretch of numbers, where the JVM is told so: the launcher's flags, and those of
 * tests, have {@code -XX:CompileCommand=dontinline} for them. Inlined into a task, two or three of them are more than the compiler looks
 * into; without the flag all is right and some is slower.
 *
 * <p>Start reading at {@link dev.distill.student.ops.cpu.CpuOps}.
 */
@NullMarked
package dev.distill.student.ops.cpu;

import org.jspecify.annotations.NullMarked;

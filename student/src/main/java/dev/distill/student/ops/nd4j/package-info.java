/**
 * The reference backend: every operation in plain ND4J calls, for reading and for comparing, not for speed.
 *
 * <p>Belongs here: {@link dev.distill.student.ops.nd4j.NdOps}; {@link dev.distill.student.ops.nd4j.NativeChoice}, the one place that decides
 * which of ND4J's native libraries a process loads, from the {@link dev.distill.student.ops.nd4j.Processor}; {@link dev.distill.student.ops.nd4j.NdArrays}, our memory seen as ND4J arrays. Does not
 * belong here: fast paths, which are {@code ops.cpu}; shape rules, which are {@link dev.distill.student.ops.Rules}. This package and
 * {@code ops.cpu} are the only ones that see ND4J.
 *
 * <p>Start reading at {@link dev.distill.student.ops.nd4j.NdOps}.
 */
@NullMarked
package dev.distill.student.ops.nd4j;

import org.jspecify.annotations.NullMarked;

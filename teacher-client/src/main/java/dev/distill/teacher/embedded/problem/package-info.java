/**
 * The problems of the demo and how its teacher solves them: questions made from a seed, read back, planned, worked out digit by
 * digit, checked and answered.
 *
 * <p>Nothing here goes wrong on purpose except {@link dev.distill.teacher.embedded.problem.Slip}; the other faults are
 * {@code dev.distill.teacher.embedded.fault}'s. Start with {@link dev.distill.teacher.embedded.problem.Problems}.
 */
@NullMarked
package dev.distill.teacher.embedded.problem;

import org.jspecify.annotations.NullMarked;

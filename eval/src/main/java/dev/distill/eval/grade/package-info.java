/**
 * Whether a response answers its question: right, wrong, no answer, truncated, or an error of the infrastructure, never
 * mixed. Start with {@link dev.distill.eval.grade.Grader}; {@link dev.distill.eval.grade.Graders} has the one of each task. The arithmetic on grades is {@code
 * metric}'s.
 */
@NullMarked
package dev.distill.eval.grade;

import org.jspecify.annotations.NullMarked;

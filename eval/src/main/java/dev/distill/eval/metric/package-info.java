/**
 * Numbers about graded answers: shares with their intervals, pass@k and G-Pass@k, paired comparison of two models,
 * spread over seeds, agreement of two graders, ratings. Plain arithmetic on counts and arrays; what a right answer is, {@code dev.distill.eval.grade} says. Start with {@link
 * dev.distill.eval.metric.Interval}.
 */
@NullMarked
package dev.distill.eval.metric;

import org.jspecify.annotations.NullMarked;

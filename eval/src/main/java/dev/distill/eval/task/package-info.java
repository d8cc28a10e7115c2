/**
 * What is asked of a model under evaluation, and how its answers are gathered: tasks, the {@link
 * dev.distill.eval.task.Responder} that answers (a model, or {@link dev.distill.eval.task.GivenAnswers} out of a file), and the run that keeps every
 * response.
 *
 * <p>Where tasks come from is {@code suite}'s business; whether an answer is right, {@code grade}'s; what the counts mean, {@code metric}'s. Start with {@link
 * dev.distill.eval.task.Evaluation}.
 */
@NullMarked
package dev.distill.eval.task;

import org.jspecify.annotations.NullMarked;

/**
 * What is asked of a model under evaluation, and how its answers are gathered: tasks, the {@link
 * dev.distill.eval.task.Responder} that answers, and the run that keeps every response.
 *
 * <p>Whether an answer is right is {@code grade}'s business; what the counts mean, {@code metric}'s. Start with {@link
 * dev.distill.eval.task.Evaluation}.
 */
@NullMarked
package dev.distill.eval.task;

import org.jspecify.annotations.NullMarked;

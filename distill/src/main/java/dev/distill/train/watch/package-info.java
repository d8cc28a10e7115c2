/**
 * Those who watch a training: TensorBoard's event files, Flight Recorder's events, the texts that the student writes as it
 * learns. All of them are {@link dev.distill.train.TrainListener}s; the loop knows none of them.
 *
 * <p>{@code metrics.jsonl} itself is {@code dev.distill.train}'s, for a run that goes on reads it; the page over runs is
 * {@code dev.distill.dashboard}'s. Start with {@link dev.distill.train.watch.Watchers}.
 */
@NullMarked
package dev.distill.train.watch;

import org.jspecify.annotations.NullMarked;

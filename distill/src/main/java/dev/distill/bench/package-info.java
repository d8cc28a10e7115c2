/**
 * Measuring: how fast the machine trains, generates, tokenizes, curates and harvests, and moves traces to the disk and back; and what of its speed that is.
 *
 * <p>Belongs here: the loops that are timed, their input, and what turns times into figures. What is timed lies in module
 * {@code student} and is the same that training and generation run, or in {@code data} or {@code teacher-client}; the rate of matrix products alone is
 * {@link dev.distill.student.ops.cpu.MatmulProbe}'s; words and output are {@code dev.distill.cli}'s. Start with
 * {@link dev.distill.bench.TrainBench}.
 */
@NullMarked
package dev.distill.bench;

import org.jspecify.annotations.NullMarked;

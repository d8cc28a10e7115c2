/**
 * Measuring: how fast the machine trains and generates with a model, and what of its speed that is; how fast traces go to the disk and back.
 *
 * <p>Belongs here: the loops that are timed, their input, and what turns times into figures. What is timed lies in module
 * {@code student} and is the same that training and generation run, or in {@code data}; the rate of matrix products alone is
 * {@link dev.distill.student.ops.cpu.MatmulProbe}'s; words and output are {@code dev.distill.cli}'s. Start with
 * {@link dev.distill.bench.TrainBench}.
 */
@NullMarked
package dev.distill.bench;

import org.jspecify.annotations.NullMarked;

/**
 * What a training will take of memory, time and disk, before anything of it is done.
 *
 * <p>Belongs here: the account of memory part by part, the short measurement that tells a step's time, and what helps where
 * something does not fit. It works on numbers: which recipe they come from, and what is counted in its files, is
 * {@code dev.distill.pipeline}'s ({@code Planning}); words on the terminal are {@code dev.distill.cli}'s. Speed of a model that is
 * there is measured by {@code dev.distill.bench}. Start with {@link dev.distill.plan.TrainingMemory} and
 * {@link dev.distill.plan.Calibration}.
 */
@NullMarked
package dev.distill.plan;

import org.jspecify.annotations.NullMarked;

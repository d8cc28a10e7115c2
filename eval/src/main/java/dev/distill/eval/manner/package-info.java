/**
 * How a model answers, apart from whether it is right: the complaints that the press had about R1, each a measured column. Start
 * with {@link dev.distill.eval.manner.Measure}; the questions that provoke refusals and claims of identity are {@link
 * dev.distill.eval.manner.Probes}. What is found in a text, the filters of {@code dev.distill.data.curate} find, so that a
 * student is measured by what its training traces were chosen by.
 */
@NullMarked
package dev.distill.eval.manner;

import org.jspecify.annotations.NullMarked;

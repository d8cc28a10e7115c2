/**
 * A web page over runs, live or finished: what {@code distill dashboard} serves on loopback. It reads the files of runs' folders
 * and writes nothing; the browser draws.
 *
 * <p>Who writes those files: {@code dev.distill.train} and {@code dev.distill.train.watch} those of a training, {@code
 * dev.distill.pipeline} the rest; docs/formats.md describes them. Start with {@link dev.distill.dashboard.Dashboard}; the page
 * itself lies in the resources of this package.
 */
@NullMarked
package dev.distill.dashboard;

import org.jspecify.annotations.NullMarked;

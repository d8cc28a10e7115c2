/**
 * Which questions there are and how they are put: task files (YAML) with those that this program carries in itself, the data that they name on this disk, and
 * the protocols by which others have sampled.
 *
 * <p>What comes out is a {@link dev.distill.eval.task.Task}; asking and keeping its responses is {@code task}'s business, grading {@code grade}'s. Nothing here
 * uses the network: folders and caches are given from outside. Start with {@link dev.distill.eval.suite.TaskFile}, then {@link
 * dev.distill.eval.suite.TaskLoader}.
 */
@NullMarked
package dev.distill.eval.suite;

import org.jspecify.annotations.NullMarked;

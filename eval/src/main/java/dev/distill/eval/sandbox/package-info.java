/**
 * Runs a program that nobody has read: without a network, without the host's files and environment, within limits of time, memory, processes, output
 * and files, and so that nothing of it is alive afterwards.
 *
 * <p>Reading order: {@link dev.distill.eval.sandbox.Sandbox} is the main path; {@code Launcher} writes the command line that builds the walls,
 * {@code Execution} watches one program, and an {@code Accounting} is what the limits of memory and processes hang on. What programs are run for, and
 * what their output means, is {@code dev.distill.eval.code}'s business.
 */
@NullMarked
package dev.distill.eval.sandbox;

import org.jspecify.annotations.NullMarked;

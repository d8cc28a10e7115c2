/**
 * The command line: one class a command, options in, exit code out. A command reads its words into a config, calls one
 * stage of {@code dev.distill.pipeline} (or what it needs elsewhere), and prints the result, for people or as one JSON
 * object. No work is done here. Start with {@link dev.distill.cli.Main}.
 */
@NullMarked
package dev.distill.cli;

import org.jspecify.annotations.NullMarked;

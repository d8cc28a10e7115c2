/**
 * The demo's teacher: an HTTP server on loopback that speaks DeepSeek's dialect of the chat completions API, reasons through
 * generated problems, and fails at stated rates in the ways in which real teachers do.
 *
 * <p>What it says and how it fails is a pure function of its seed, the request and the number of the attempt. It keeps a log of
 * what it served, so that a report can say what curation caught and missed. The problems and their solutions are {@code
 * .problem}'s, spoiling the texts {@code .fault}'s. The client that talks to teachers is not here but in {@code
 * dev.distill.teacher}; nothing here is used in talking to a real one. Start with {@link
 * dev.distill.teacher.embedded.EmbeddedTeacher}.
 */
@NullMarked
package dev.distill.teacher.embedded;

import org.jspecify.annotations.NullMarked;

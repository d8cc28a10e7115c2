/**
 * What an evaluation came to: one score a task ({@link dev.distill.eval.report.TaskScore}), and one report of one model or two
 * ({@link dev.distill.eval.report.EvaluationReport}) as JSON, Markdown, one HTML file, and in the formats of others' harnesses, with the
 * published figures beside ours. Start with {@link dev.distill.eval.report.ReportFiles}. What the figures mean, {@code metric} and
 * {@code manner} say.
 */
@NullMarked
package dev.distill.eval.report;

import org.jspecify.annotations.NullMarked;

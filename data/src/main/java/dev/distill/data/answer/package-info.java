/**
 * The answer in a completion, and whether two answers are the same.
 *
 * <p>Reading order: {@link dev.distill.data.answer.MathVerifier} is the main path; it takes the answer out of the
 * completion with {@link dev.distill.data.answer.AnswerExtractor} and compares it with the reference through
 * {@link dev.distill.data.answer.AnswerComparer}. Behind that, {@code Lexer} and {@code Parser} turn LaTeX or plain
 * text into an {@code Expr}, {@code Exact} and {@code Numeric} evaluate it.
 *
 * <p>Everything here is bounded by counting ({@code Effort}), never by clocks, threads or signals, so that the same text
 * gives the same verdict on any machine and any thread. Checks that need a process or the network (sandbox, judge model)
 * are {@link dev.distill.data.answer.Verifier}s too, and live where their resources live. What is done with verdicts is
 * {@code dev.distill.data.curate}'s business.
 */
@NullMarked
package dev.distill.data.answer;

import org.jspecify.annotations.NullMarked;

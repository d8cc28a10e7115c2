/**
 * Having given texts scored by a server: which way of asking it takes, asking again, how many at a time.
 *
 * <p>How a request and a reply are written is {@code dev.distill.teacher.dialect}'s ({@code ScoringForm}), one exchange is
 * {@code dev.distill.teacher.wire}'s ({@code HttpScorer}). What is made of the scores is not here: a student's teacher is
 * {@code dev.distill.train.teach}'s. Start with {@link dev.distill.teacher.score.ScoringClient}.
 */
@NullMarked
package dev.distill.teacher.score;

import org.jspecify.annotations.NullMarked;

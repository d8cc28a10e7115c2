package dev.distill.teacher;

import java.time.Duration;

/**
 * One request and what came of it.
 *
 * @param outcome how it ended
 * @param received what had arrived by then; paid for, whatever the outcome
 * @param took from sending to the end
 */
public record Exchange(Outcome outcome, Received received, Duration took) {}

package dev.distill.teacher;

/** What came of asking a server to score a text. */
public sealed interface Scoring {
    /** A whole answer. */
    record Scored(ScoredText text) implements Scoring {}

    /** None. */
    record Failed(Outcome outcome) implements Scoring {}
}

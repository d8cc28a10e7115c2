package dev.distill.teacher.batch;

import dev.distill.teacher.Outcome;

/** What came of a call. */
public sealed interface Answered<T> {
    /** What was asked for. */
    record Got<T>(T value) implements Answered<T> {}

    /** Nothing. */
    record Failed<T>(Outcome outcome) implements Answered<T> {}
}

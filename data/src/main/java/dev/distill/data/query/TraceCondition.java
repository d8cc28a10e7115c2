package dev.distill.data.query;

import dev.distill.data.trace.Trace;
import java.util.function.Predicate;

/**
 * A condition on traces as SQL's {@code WHERE} has it: {@code finish = 'stop' AND length(reasoning) > 4000}. What is not known is null,
 * and picks nothing. Immutable, safe on any thread.
 */
public final class TraceCondition implements Predicate<Trace> {
    private static final int LONGEST = 4_000;

    private final Term term;

    private TraceCondition(Term term) {
        this.term = term;
    }

    /**
     * Reads a condition.
     *
     * @throws IllegalArgumentException if it is none; the message names the character
     */
    public static TraceCondition of(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a condition has at most " + LONGEST + " characters; got " + text.length());
        }
        return new TraceCondition(new ConditionParser(text).condition());
    }

    @Override
    public boolean test(Trace trace) {
        return Boolean.TRUE.equals(term.of(trace));
    }
}

package dev.distill.teacher.score;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.pace.Policy;
import java.io.IOException;

/** A text that was not scored. */
public final class ScoringException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    ScoringException(String server, Outcome outcome, int attempts) {
        super(server + ": " + outcome.describe() + " (after " + attempts
                + (attempts == 1 ? " request)" : " requests)"));
        this.outcome = outcome;
    }

    /** Whether other texts would fare no better until a person has acted: a wrong key, an empty account, a server that is gone. */
    public boolean concernsAll() {
        Policy policy = Policy.of(outcome);
        return policy == Policy.STOP || policy == Policy.RETRY || policy == Policy.LEAVE;
    }
}

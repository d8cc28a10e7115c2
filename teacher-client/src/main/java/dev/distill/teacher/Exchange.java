package dev.distill.teacher;

import java.time.Duration;

/**
 * One request and what came of it.
 *
 * @param outcome how it ended
 * @param received what had arrived by then; paid for, whatever the outcome
 * @param took from sending to the end
 * @param free whether the provider has not begun to work on it, and so charges nothing: it was never sent, or was refused
 */
public record Exchange(Outcome outcome, Received received, Duration took, boolean free) {
    /** Where the outcome alone says whether it was refused. */
    public Exchange(Outcome outcome, Received received, Duration took) {
        this(outcome, received, took, isRefusal(outcome));
    }

    private static boolean isRefusal(Outcome outcome) {
        return switch (outcome) {
            case Outcome.RateLimited _, Outcome.Unauthorized _, Outcome.OutOfBalance _ -> true;
            case Outcome.NotFound _, Outcome.BadRequest _ -> true;
            case Outcome.Overloaded overloaded -> overloaded.status() != 0;
            case Outcome.Completed _, Outcome.Refused _, Outcome.EmptyReply _, Outcome.OutOfResources _ -> false;
            case Outcome.CutStream _, Outcome.Unreachable _ -> false;
        };
    }
}

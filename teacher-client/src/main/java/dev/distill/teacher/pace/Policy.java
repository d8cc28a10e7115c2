package dev.distill.teacher.pace;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.BadRequest;
import dev.distill.teacher.Outcome.Completed;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Outcome.CutStream;
import dev.distill.teacher.Outcome.EmptyReply;
import dev.distill.teacher.Outcome.NotFound;
import dev.distill.teacher.Outcome.OutOfBalance;
import dev.distill.teacher.Outcome.OutOfResources;
import dev.distill.teacher.Outcome.Overloaded;
import dev.distill.teacher.Outcome.RateLimited;
import dev.distill.teacher.Outcome.Refused;
import dev.distill.teacher.Outcome.Unauthorized;
import dev.distill.teacher.Outcome.Unreachable;
import dev.distill.teacher.RetryAdvice;

/** What an outcome leads to. The only place where that is decided; docs/cli.md (Teachers) tells users. */
public enum Policy {
    /** Journal the reply; the unit is done. */
    KEEP,
    /** Ask again after a while, a limited number of times. */
    RETRY,
    /**
     * Asking again now would give the same: journal the failure and leave the unit to the next run, for which a person may
     * have changed the server (a longer context, another version).
     */
    GIVE_UP,
    /** Asking again would give the same whenever it is done: journal the failure and never ask for this unit again. */
    DEAD_LETTER,
    /** No request can succeed until a person has acted: stop the run. */
    STOP,
    /** The run is being stopped: leave the unit for the next run. */
    LEAVE;

    /**
     * What an outcome leads to in a run.
     *
     * @param worked whether a request of this run has succeeded: then address and key are right, a gateway's redirect or web page passes, and what is
     *     forbidden is this request
     */
    public static Policy of(Outcome outcome, boolean worked) {
        if (worked && outcome instanceof NotFound missing && missing.isGateway()) {
            return RETRY;
        }
        return worked && outcome instanceof Unauthorized refused && refused.isForbidden() ? GIVE_UP : of(outcome);
    }

    /** What an outcome leads to where nothing is known of others. */
    public static Policy of(Outcome outcome) {
        return switch (outcome) {
            case Completed c -> KEEP;
            case Refused r -> DEAD_LETTER;
            case EmptyReply e -> RETRY;
            case OutOfResources o -> RETRY;
            case CutStream(Cut why, String d) ->
                switch (why) {
                    case ENDED_EARLY, CONNECTION_LOST, IDLE, DEADLINE, MALFORMED -> RETRY;
                    case TOO_LARGE -> DEAD_LETTER;
                    case CANCELLED -> LEAVE;
                };
            case RateLimited r -> advised(r.advice(), RETRY);
            case Overloaded o -> advised(o.advice(), RETRY);
            case Unreachable u -> RETRY;
            case BadRequest b -> advised(b.advice(), GIVE_UP);
            case Unauthorized u -> STOP;
            case OutOfBalance o -> STOP;
            case NotFound n -> STOP;
        };
    }

    /** The server's own word, where it gave one, stands above what its status usually means. */
    private static Policy advised(RetryAdvice advice, Policy usual) {
        Boolean retry = advice.retry();
        return retry == null ? usual : retry ? RETRY : GIVE_UP;
    }
}

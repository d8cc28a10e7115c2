package dev.distill.teacher.pace;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.BadRequest;
import dev.distill.teacher.Outcome.Completed;
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

/** Kinds of failures after which a unit is asked for again, each counted by itself: what says nothing about the unit must not use up its attempts. */
public enum Trouble {
    /** Too many at a time: it is asked for again when there is room, far more often than anything else. */
    LIMITED(5),
    /** The server is away or overloaded, and has not begun; or whatever else its own word says may pass. */
    AWAY(1),
    /** A reply began and came to nothing: each time may cost money. */
    LOST(0.5);

    private final double share;

    Trouble(double share) {
        this.share = share;
    }

    public static Trouble of(Outcome outcome) {
        return switch (outcome) {
            case RateLimited _ -> LIMITED;
            case Overloaded _, Unreachable _, OutOfResources _, BadRequest _ -> AWAY;
            case CutStream _, EmptyReply _ -> LOST;
            case Completed _, Refused _, Unauthorized _, OutOfBalance _, NotFound _ ->
                AWAY; // of these a gateway's page alone is asked for again
        };
    }

    /**
     * Requests of one unit that may end so.
     *
     * @param attempts the setting, at least 1
     */
    public int attempts(int attempts) {
        return (int) Math.max(1, Math.ceil(share * attempts));
    }
}

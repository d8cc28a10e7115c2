package dev.distill.teacher.harvest;

import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.wire.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast and how patiently to harvest.
 *
 * @param inFlight requests at once at most; fewer while the server refuses
 * @param perMinute requests and tokens a minute
 * @param persistence how often to ask again, and when to give up
 * @param patience time-outs of one exchange
 * @param grace how long requests in flight may go on after an interrupt before they are cut off
 * @param batch how requests are put into batches for a batch API; null where each is sent by itself, and its reply streamed
 */
public record Limits(
        int inFlight,
        PerMinute perMinute,
        Persistence persistence,
        Patience patience,
        Duration grace,
        @Nullable BatchLimits batch) {
    /** 64 in flight, no limits a minute, ten attempts, ten seconds of grace. */
    public static final Limits DEFAULT =
            new Limits(64, PerMinute.UNLIMITED, Persistence.DEFAULT, Patience.DEFAULT, Duration.ofSeconds(10), null);

    /** Requests and tokens (prompt and reply) a minute; 0 is no limit. */
    public record PerMinute(long requests, long tokens) {
        public static final PerMinute UNLIMITED = new PerMinute(0, 0);
    }

    /**
     * How often to ask again, and when to give up.
     *
     * @param attempts requests for one unit at most
     * @param backoff waits between them
     * @param failuresInARow over all units, after which the run stops
     * @param quiet without any success before that counts, once something has succeeded: servers are restarted
     * @param seed of the jitter
     */
    public record Persistence(int attempts, Backoff backoff, int failuresInARow, Duration quiet, long seed) {
        public static final Persistence DEFAULT =
                new Persistence(10, Backoff.DEFAULT, 50, Duration.ofMinutes(2), 20_250_120);
    }

    public Limits withInFlight(int value) {
        return new Limits(value, perMinute, persistence, patience, grace, batch);
    }

    public Limits withPerMinute(PerMinute value) {
        return new Limits(inFlight, value, persistence, patience, grace, batch);
    }

    public Limits withPersistence(Persistence value) {
        return new Limits(inFlight, perMinute, value, patience, grace, batch);
    }

    public Limits withPatience(Patience value) {
        return new Limits(inFlight, perMinute, persistence, value, grace, batch);
    }

    public Limits withGrace(Duration value) {
        return new Limits(inFlight, perMinute, persistence, patience, value, batch);
    }

    public Limits withBatch(BatchLimits value) {
        return new Limits(inFlight, perMinute, persistence, patience, grace, value);
    }

    /** What is wrong with these values, in the words of a recipe; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (inFlight < 1) {
            problems.add("harvest.in-flight: must be 1 or more; got " + inFlight);
        }
        if (perMinute.requests < 0 || perMinute.tokens < 0) {
            problems.add("harvest.per_minute: must be 0 (no limit) or more; got " + perMinute.requests + " requests, "
                    + perMinute.tokens + " tokens");
        }
        if (persistence.attempts < 1 || persistence.failuresInARow < 1) {
            problems.add("harvest.attempts and harvest.stop_after_failures: must be 1 or more; got "
                    + persistence.attempts + " and " + persistence.failuresInARow);
        }
        if (grace.isNegative()) {
            problems.add("harvest.grace: must be 0 or more; got " + grace);
        }
        if (batch != null) {
            problems.addAll(batch.problems());
        }
        problems.addAll(patience.problems());
        return problems;
    }
}

package dev.distill.hub;

import dev.distill.teacher.pace.Backoff;
import java.time.Duration;

/**
 * How long to wait for the hub, and how often to ask again.
 *
 * @param connect until a connection stands
 * @param idle without any byte, headers included
 * @param attempts for one request without a new byte; each that brings some begins the count anew
 * @param backoff between attempts
 */
record Patience(Duration connect, Duration idle, int attempts, Backoff backoff) {
    /** 10 s, 60 s; six attempts, after 1, 2, 4, 8, 16 s; Retry-After up to 10 min, twice the hub's window for rates. */
    static final Patience DEFAULT = new Patience(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            6,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.5, 1.5, Duration.ofMinutes(10)));

    /** For a request whose answer the cache can stand in for: asked once. */
    Patience once() {
        return new Patience(connect, connect, 1, backoff);
    }
}

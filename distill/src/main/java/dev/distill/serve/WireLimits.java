package dev.distill.serve;

import java.time.Duration;

/**
 * What a connection may take, of memory and of time. All of it holds before anything is parsed.
 *
 * @param connections open at a time; more are told to come back
 * @param bodyBytes of a request
 * @param bodiesBytes of all requests whose bodies have come, whole or in part, and are not read yet; one client has half of them at most
 * @param head until a connection's first request line and headers are there
 * @param body until the rest of a request is there
 * @param idle between two requests
 * @param write until a piece of 16 KiB of an answer is taken
 * @param unreadBytes of an answer that its client has not read, beside what the system buffers; beyond them nothing more of it is written until it has
 * @param grace for answers under way when the server is stopped
 */
public record WireLimits(
        int connections,
        int bodyBytes,
        long bodiesBytes,
        Duration head,
        Duration body,
        Duration idle,
        Duration write,
        int unreadBytes,
        Duration grace) {

    /** What {@code distill serve} takes where nothing else is said. */
    public static final WireLimits STANDARD = new WireLimits(
            1024,
            4 << 20,
            128L << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(75),
            Duration.ofSeconds(30),
            256 << 10,
            Duration.ofSeconds(10));

    /** Of a request's first line, and of all of its headers. */
    static final int LINE_BYTES = 4096;

    static final int HEADER_BYTES = 16 << 10;
}

package dev.distill.teacher.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long to wait, and for how much.
 *
 * @param connect until the connection stands
 * @param idle without any byte at any time of the exchange; once the reply is being written, without any that is more than a keep-alive
 * @param total for the whole exchange
 * @param longestBody bytes that a reply may have on the wire
 */
public record Patience(Duration connect, Duration idle, Duration total, long longestBody) {
    /** 10 s, 2 min, 30 min (DeepSeek itself hangs up after at most that), 256 MiB: a 64,000-token stream has about 20. */
    public static final Patience DEFAULT =
            new Patience(Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofMinutes(30), 256L << 20);

    public Patience withIdle(Duration value) {
        return new Patience(connect, value, total, longestBody);
    }

    public Patience withTotal(Duration value) {
        return new Patience(connect, idle, value, longestBody);
    }

    /** What is wrong, in the words of a recipe; empty if nothing is. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!connect.isPositive() || !idle.isPositive() || !total.isPositive()) {
            problems.add("teacher.timeouts: connect, idle and total must be above 0; got " + connect + ", " + idle
                    + ", " + total);
        }
        if (longestBody < 1 << 16) {
            problems.add("teacher.longest_body: must be 65536 bytes or more; got " + longestBody);
        }
        return problems;
    }
}

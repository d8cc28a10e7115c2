package dev.distill.teacher;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the server said about asking again, in its headers.
 *
 * @param after wait this long; null where it said nothing that can be read
 * @param retry its own word on whether asking again makes sense ({@code x-should-retry}); null where it said nothing
 */
public record RetryAdvice(
        @Nullable Duration after, @Nullable Boolean retry) {
    public static final RetryAdvice NONE = new RetryAdvice(null, null);

    /**
     * Reads {@code retry-after-ms} (milliseconds), else {@code retry-after} (seconds, fractions allowed, or an HTTP date),
     * and {@code x-should-retry}. Values that are no number, not finite or not positive count as not said.
     *
     * @param header the first value of a header, by its name in lower case
     * @param now what an HTTP date is compared with
     */
    public static RetryAdvice of(Function<String, Optional<String>> header, Instant now) {
        Duration after = header.apply("retry-after-ms")
                .map(value -> seconds(value, 1e-3))
                .or(() -> header.apply("retry-after").map(value -> secondsOrDate(value, now)))
                .orElse(null);
        Boolean retry = header.apply("x-should-retry")
                .map(value -> switch (value.strip()) {
                    case "true" -> Boolean.TRUE;
                    case "false" -> Boolean.FALSE;
                    default -> null;
                })
                .orElse(null);
        return new RetryAdvice(after, retry);
    }

    private static @Nullable Duration secondsOrDate(String value, Instant now) {
        Duration seconds = seconds(value, 1);
        if (seconds != null) {
            return seconds;
        }
        try {
            Instant then = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return then.isAfter(now) ? Duration.between(now, then) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Duration seconds(String value, double unit) {
        try {
            double seconds = Double.parseDouble(value.strip()) * unit;
            // a year is more than anybody means, and far from overflow
            return seconds > 0 && seconds < 31_536_000 ? Duration.ofNanos((long) (seconds * 1e9)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}

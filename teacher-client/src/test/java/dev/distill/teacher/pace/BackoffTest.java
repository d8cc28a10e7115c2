package dev.distill.teacher.pace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.teacher.Conformance;
import dev.distill.teacher.RetryAdvice;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_696_004_797); // Fri, 29 Sep 2023 16:26:37 GMT

    private static RetryAdvice advice(String... headers) {
        Map<String, String> map = headers.length == 2
                ? Map.of(headers[0], headers[1])
                : Map.of(headers[0], headers[1], headers[2], headers[3]);
        return RetryAdvice.of(name -> Optional.ofNullable(map.get(name)), NOW);
    }

    /** With openai-python's figures for its own table: 0.5 s doubling up to 8 s, jitter 0.75 to 1, no belief in more than two minutes. */
    @Test
    @Tag("conformance")
    void waitsAsLongAsOpenaiPython() throws IOException {
        Duration most = Duration.ofMinutes(2);
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(8), 0.75, 1, most, most);
        JsonNode table = Conformance.json("http/openai_python_retry_after_23.json");
        assertThat(table.path("now_epoch_s").asLong()).isEqualTo(NOW.getEpochSecond());
        assertThat(table.path("rows")).hasSize(23);
        for (JsonNode row : table.path("rows")) {
            int retries = table.path("max_retries").asInt() - row.get(0).asInt();
            Duration delay =
                    backoff.delay(retries, advice("retry-after", row.get(1).asText()), new Random(1));
            double seconds = delay.toNanos() / 1e9;
            // the table's own tolerance, which is relative
            assertThat(seconds)
                    .as(row.toString())
                    .isCloseTo(
                            row.get(2).asDouble(),
                            Assertions.within(0.5 * 0.875 * row.get(2).asDouble()));
        }
    }

    @Test
    void millisecondsAndFractionsAreObeyedExactly() {
        assertThat(delay(advice("retry-after-ms", "1500", "retry-after", "20"))).isEqualTo(Duration.ofMillis(1500));
        assertThat(delay(advice("retry-after", "0.25"))).isEqualTo(Duration.ofMillis(250));
        assertThat(delay(advice("retry-after-ms", "soon", "retry-after", "2"))).isEqualTo(Duration.ofSeconds(2));
    }

    private static Duration delay(RetryAdvice advice) {
        return Backoff.DEFAULT.delay(0, advice, new Random(1));
    }

    @Test
    void growsToItsCapWithinItsJitter() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        double[] expected = {1, 2, 4, 8, 16, 32, 60, 60};
        for (int retries = 0; retries < expected.length; retries++) {
            double seconds =
                    Backoff.DEFAULT.delay(retries, RetryAdvice.NONE, random).toNanos() / 1e9;
            assertThat(seconds).as("seed " + seed).isBetween(0.5 * expected[retries], 1.5 * expected[retries]);
        }
    }

    @Test
    void theSameSeedWaitsTheSame() {
        assertThat(Backoff.DEFAULT.delay(3, RetryAdvice.NONE, new Random(7)))
                .isEqualTo(Backoff.DEFAULT.delay(3, RetryAdvice.NONE, new Random(7)));
    }

    @Test
    void readsTheServersWordOnRetrying() {
        assertThat(advice("x-should-retry", "true").retry()).isTrue();
        assertThat(advice("x-should-retry", "false").retry()).isFalse();
        assertThat(advice("x-should-retry", "maybe").retry()).isNull();
    }

    /** A quota of five minutes is waited for, and one of a day not longer than an hour. */
    @Test
    void longWaitsAreObeyedUpToAnHour() {
        assertThat(delay(advice("retry-after", "300"))).isEqualTo(Duration.ofMinutes(5));
        assertThat(delay(advice("retry-after", "3600"))).isEqualTo(Duration.ofHours(1));
        assertThat(delay(advice("retry-after", "86400"))).isEqualTo(Duration.ofHours(1));
        assertThat(delay(advice("retry-after", "Sat, 30 Sep 2023 16:26:37 GMT")))
                .isEqualTo(Duration.ofHours(1));
    }
}

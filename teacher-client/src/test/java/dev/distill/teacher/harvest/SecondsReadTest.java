package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecondsReadTest {
    /** Instants that follow each other closely, as those of a ledger do, with and without a fraction, and of any length. */
    @Test
    void instantsAreReadAsTheLibraryReadsThem() {
        Random random = new Random(20261130);
        Instant at = Instant.parse("2024-02-29T23:59:58.990Z");
        for (int i = 0; i < 100_000; i++) {
            at = at.plusNanos(
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(2_000_000_000);
                        case 1 -> 1_000L * random.nextInt(20_000);
                        default -> 1_000_000L * random.nextInt(20);
                    });
            String text = at.toString();
            assertThat(SecondsRead.instant(text)).as(text).isEqualTo(at);
        }
    }

    @Test
    void whatIsNoInstantIsRefused() {
        SecondsRead.instant("2026-11-30T18:52:17.123Z");
        assertThatThrownBy(() -> SecondsRead.instant("2026-11-30T18:52:17.1x3Z"))
                .isInstanceOf(DateTimeParseException.class);
        assertThatThrownBy(() -> SecondsRead.instant("2026-11-30T18:52:17")).isInstanceOf(DateTimeParseException.class);
        assertThat(SecondsRead.instant("2026-11-30T18:52:17Z")).isEqualTo(Instant.parse("2026-11-30T18:52:17Z"));
    }
}

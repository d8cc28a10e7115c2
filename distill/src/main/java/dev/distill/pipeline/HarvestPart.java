package dev.distill.pipeline;

import dev.distill.data.trace.Money;
import dev.distill.teacher.harvest.Limits;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code harvest:} how many samples, how fast, for how much.
 *
 * @param samples of each prompt
 * @param budget where spending stops; empty for no cap
 */
public record HarvestPart(int samples, Limits limits, Optional<Money> budget) {
    static HarvestPart read(Section section) {
        Limits standard = Limits.DEFAULT;
        HarvestPart part = new HarvestPart(
                section.whole("samples", 4, 1, 1024),
                standard.withInFlight(section.whole("in-flight", standard.inFlight(), 1, 100_000))
                        .withPerMinute(new Limits.PerMinute(
                                section.whole("requests-per-minute", 0L, 0, Long.MAX_VALUE),
                                section.whole("tokens-per-minute", 0L, 0, Long.MAX_VALUE)))
                        .withPatience(standard.patience()
                                .withIdle(Duration.ofSeconds(section.whole(
                                        "idle-timeout-s",
                                        standard.patience().idle().toSeconds(),
                                        1,
                                        86_400)))
                                .withTotal(Duration.ofSeconds(section.whole(
                                        "timeout-s", standard.patience().total().toSeconds(), 1, 604_800)))),
                budget(section));
        section.done();
        return part;
    }

    private static Optional<Money> budget(Section section) {
        @Nullable String text = section.text("budget");
        if (text == null) {
            return Optional.empty();
        }
        if (!text.matches("\\d+(\\.\\d+)? [A-Z]{3}")) {
            section.problem("budget", "must be an amount and a currency, for example \"5.00 USD\"; got " + text);
            return Optional.empty();
        }
        String[] words = text.split(" ");
        return Optional.of(new Money(new BigDecimal(words[0]), words[1]));
    }
}

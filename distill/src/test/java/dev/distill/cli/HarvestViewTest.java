package dev.distill.cli;

import static dev.distill.cli.HarvestView.Words.HARVEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Money;
import dev.distill.teacher.harvest.Bought;
import dev.distill.teacher.harvest.Forecast;
import dev.distill.teacher.harvest.HarvestProgress;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a harvest looks like, to the letter. */
class HarvestViewTest {
    private static Money usd(String amount) {
        return new Money(new BigDecimal(amount), "USD");
    }

    /** Half done, and 11.94 in the end. */
    static HarvestProgress halfDone(String budget, OptionalInt accepted) {
        return new HarvestProgress(
                12_000,
                3_108,
                new TreeMap<>(Map.of("refused", 7, "bad_request", 5)),
                accepted,
                new HarvestProgress.Requests(48, 64, 31),
                new Bought(
                        3_108,
                        9_876_543,
                        new Bought.CacheUse(1000, 432),
                        usd("3.12345"),
                        new TreeMap<>(),
                        new TreeMap<>()),
                Optional.of(usd(budget)),
                new Forecast(
                        0.6875,
                        5210.4,
                        Optional.of(Duration.ofSeconds(12_917)),
                        Optional.of(usd("11.94")),
                        Optional.of(usd("0.001296")),
                        Optional.of(usd("0.00124"))));
    }

    @Test
    void aWideTerminalHasALineForEachGroup() {
        HarvestView view = HarvestView.of(halfDone("20", OptionalInt.of(2_410)), HARVEST);
        assertThat(view.lines(99, 23, false))
                .containsExactly(
                        "harvest  3120/12000  26 %  41.3/min  3 h 35 min left",
                        "  2410 right of 3108  12 failed: 5 bad request, 7 refused  31 retries",
                        "  48 of 64 in flight  5,210 tokens/s  43 % of prompts cached",
                        "  3.12 of 20.00 USD spent  11.94 USD in the end",
                        "  0.0013 USD a right answer, 0.0012 in the end");
    }

    @Test
    void aNarrowTerminalBreaksGroupsAndCutsFigures() {
        HarvestView view = HarvestView.of(halfDone("20", OptionalInt.of(2_410)), HARVEST);
        assertThat(view.lines(39, 23, false))
                .containsExactly(
                        "harvest  3120/12000  26 %  41.3/min",
                        "    3 h 35 min left",
                        "  2410 right of 3108",
                        "    12 failed: 5 bad request, 7 refused",
                        "    31 retries",
                        "  48 of 64 in flight  5,210 tokens/s",
                        "    43 % of prompts cached",
                        "  3.12 of 20.00 USD spent",
                        "    11.94 USD in the end",
                        "  0.0013 USD a right answer, 0.0012 in");
        assertThat(view.lines(10, 23, false))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(10));
        assertThat(view.lines(39, 4, false)).hasSize(4);
    }

    /** What is drawn in colour is as long as what is not. */
    @Test
    void failuresAndABudgetThatWillNotDoAreSeen() {
        HarvestView view = HarvestView.of(halfDone("10", OptionalInt.empty()), HARVEST);
        assertThat(view.lines(79, 23, true))
                .containsExactly(
                        "harvest  3120/12000  26 %  41.3/min  3 h 35 min left",
                        "  3108 completed  \u001b[33m12 failed: 5 bad request, 7 refused\u001b[0m  31 retries",
                        "  48 of 64 in flight  5,210 tokens/s  43 % of prompts cached",
                        "  3.12 of 10.00 USD spent  \u001b[33m11.94 USD in the end, over the budget\u001b[0m",
                        "  0.0013 USD a trace, 0.0012 in the end");
    }

    @Test
    void elsewhereItIsOneLine() {
        HarvestProgress progress = halfDone("20", OptionalInt.of(2_410));
        assertThat(HarvestView.of(progress, HARVEST).line())
                .isEqualTo("harvest  3120/12000  26 %  41.3/min  3 h 35 min left  2410 right of 3108"
                        + "  12 failed: 5 bad request, 7 refused  31 retries  48 of 64 in flight  5,210 tokens/s"
                        + "  43 % of prompts cached  3.12 of 20.00 USD spent  11.94 USD in the end"
                        + "  0.0013 USD a right answer, 0.0012 in the end");
        assertThat(HarvestView.over(progress, HARVEST, Duration.ofSeconds(90)).line())
                .isEqualTo("harvest  3120/12000  26 %  in 1 min 30 s  2410 right of 3108"
                        + "  12 failed: 5 bad request, 7 refused  31 retries  43 % of prompts cached"
                        + "  3.12 of 20.00 USD spent  0.0013 USD a right answer");
    }

    /** A teacher of one's own costs nothing, and at the start nothing is known. */
    @Test
    void whatIsNotKnownIsNotSaid() {
        HarvestProgress progress = new HarvestProgress(
                100,
                0,
                new TreeMap<>(),
                OptionalInt.empty(),
                new HarvestProgress.Requests(8, 32, 0),
                Bought.nothing("USD"),
                Optional.empty(),
                Forecast.NONE);
        assertThat(HarvestView.of(progress, HARVEST).lines(79, 23, true))
                .containsExactly("harvest  0/100  0 %", "  0 completed  0 failed  0 retries", "  8 of 32 in flight");
    }
}

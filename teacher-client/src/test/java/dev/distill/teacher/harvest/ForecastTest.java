package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static Money usd(String amount) {
        return new Money(new BigDecimal(amount), "USD");
    }

    private static Bought bought(int units, String spent) {
        return new Bought(units, 0, Bought.CacheUse.NONE, usd(spent), new TreeMap<>(), new TreeMap<>());
    }

    /** 40 replies cost 2: each 0.05, and 60 more of them 3. */
    @Test
    void theRestCostsWhatThePartHasCost() {
        Forecast.Units units = new Forecast.Units(100, 100, 38, 2, OptionalInt.empty());
        Forecast forecast = Forecast.of(units, bought(40, "2"), new Pace.Rates(0.5, 900));
        assertThat(forecast.left()).contains(Duration.ofSeconds(120));
        assertThat(forecast.tokensPerSecond()).isEqualTo(900);
        assertThat(forecast.spent().orElseThrow().amount()).isEqualByComparingTo("5");
        assertThat(forecast.each().orElseThrow().amount()).isEqualByComparingTo("0.05263157894736842"); // 2 / 38
        assertThat(forecast.eachInTheEnd().orElseThrow().amount())
                .isEqualByComparingTo("0.05102040816326531"); // 5 / 98
    }

    /** 49 of 98 are right, a half as (49 + 1) / (98 + 2) says: the 10 that are missing take 20 more. */
    @Test
    void whereHalfTheAnswersAreRightEachThatIsMissingTakesTwo() {
        Forecast.Units units = new Forecast.Units(108, 1000, 98, 0, OptionalInt.of(49));
        Forecast forecast = Forecast.of(units, bought(98, "9.8"), new Pace.Rates(1, 0));
        assertThat(forecast.left()).contains(Duration.ofSeconds(20));
        assertThat(forecast.spent().orElseThrow().amount()).isEqualByComparingTo("11.8");
        assertThat(forecast.each()).contains(usd("0.2"));
        assertThat(forecast.eachInTheEnd().orElseThrow().amount()).isEqualByComparingTo("0.2"); // 11.8 / 59
        // no more than may be asked at all
        assertThat(Forecast.of(
                                new Forecast.Units(108, 103, 98, 0, OptionalInt.of(49)),
                                bought(98, "9.8"),
                                new Pace.Rates(1, 0))
                        .left())
                .contains(Duration.ofSeconds(5));
    }

    @Test
    void nobodyCanTellBeforeTheFirstReply() {
        Forecast.Units units = new Forecast.Units(100, 100, 0, 0, OptionalInt.empty());
        assertThat(Forecast.of(units, Bought.nothing("USD"), Pace.Rates.NONE)).isEqualTo(Forecast.NONE);
    }

    /** One unit a second for a minute, then two: the second half of the time counts, and earlier runs do not. */
    @Test
    void thePaceIsOfTheSecondHalf() {
        Pace pace = new Pace(0, 500, 5_000);
        long units = 500;
        Pace.Rates rates = Pace.Rates.NONE;
        for (int second = 1; second <= 120; second++) {
            units += second <= 60 ? 1 : 2;
            rates = pace.at(TimeUnit.SECONDS.toNanos(second), units, 10 * units);
        }
        assertThat(rates).isEqualTo(new Pace.Rates(2, 20));
    }
}

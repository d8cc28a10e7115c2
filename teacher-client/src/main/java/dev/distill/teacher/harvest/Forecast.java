package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a harvest will end if it goes on as it has gone so far. Where answers are asked for until they are right, those that are
 * still missing take as many units as the share of right ones so far says.
 *
 * @param unitsPerSecond completed or given up at present
 * @param tokensPerSecond bought at present
 * @param left until all is done; empty while nobody can tell
 * @param spent in the end, earlier runs included; empty while nothing is bought
 * @param each spent so far on one that counts: a right answer where these are counted, else a reply
 * @param eachInTheEnd the same in the end
 */
public record Forecast(
        double unitsPerSecond,
        double tokensPerSecond,
        Optional<Duration> left,
        Optional<Money> spent,
        Optional<Money> each,
        Optional<Money> eachInTheEnd) {
    /** Nobody can tell. */
    public static final Forecast NONE =
            new Forecast(0, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Where the units stand.
     *
     * @param known needed as far as is known
     * @param most that may be needed
     * @param accepted right answers, where these are counted
     */
    record Units(int known, int most, int completed, int failed, OptionalInt accepted) {
        int done() {
            return completed + failed;
        }

        /** Share of the completed that count: one more of each, for the first say little. */
        double share() {
            return accepted.isPresent() ? (accepted.getAsInt() + 1.0) / (completed + 2.0) : 1;
        }

        double remaining() {
            return Math.min((known - done()) / share(), most - done());
        }

        int counted() {
            return accepted.orElse(completed);
        }
    }

    static Forecast of(Units units, Bought bought, Pace.Rates rates) {
        double remaining = units.remaining();
        Optional<Duration> left = remaining > 0 && rates.units() <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(remaining > 0 ? (long) (1000 * remaining / rates.units()) : 0));
        Money spent = bought.spent();
        Optional<Money> inTheEnd = bought.units() == 0
                ? Optional.empty()
                : Optional.of(
                        spent.plus(spent.dividedBy(bought.units()).times(BigDecimal.valueOf(Math.max(0, remaining)))));
        long counted = Math.round(units.counted() + Math.max(0, remaining) * units.share());
        return new Forecast(
                rates.units(),
                rates.tokens(),
                left,
                inTheEnd,
                units.counted() == 0 ? Optional.empty() : Optional.of(spent.dividedBy(units.counted())),
                counted == 0 ? Optional.empty() : inTheEnd.map(money -> money.dividedBy(counted)));
    }
}

package dev.distill.teacher.pay;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

/**
 * What one model costs from a day on.
 *
 * @param model the model's name as the provider spells it
 * @param since the first day on which these prices hold
 * @param source where they were read
 * @param currency ISO 4217
 * @param prices outside all windows
 * @param windows hours with other prices; the first that fits counts
 */
public record Tariff(
        String model, LocalDate since, String source, String currency, Prices prices, List<Window> windows) {

    /**
     * Hours with prices of their own.
     *
     * @param zone in whose time the hours are meant
     * @param days on which they hold
     * @param from included
     * @param to excluded
     */
    public record Window(ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime to, Prices prices) {
        public Window {
            days = Set.copyOf(days);
            if (!from.isBefore(to)) {
                throw new IllegalArgumentException(
                        "tariff: a window must begin before it ends, on one day; got " + from + " to " + to);
            }
        }

        boolean contains(Instant time) {
            ZonedDateTime local = time.atZone(zone);
            LocalTime clock = local.toLocalTime();
            return days.contains(local.getDayOfWeek()) && !clock.isBefore(from) && clock.isBefore(to);
        }
    }

    public Tariff {
        windows = List.copyOf(windows);
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException(
                    "tariff of " + model + ": currency must be three capital letters; got \"" + currency + "\"");
        }
    }

    /** A teacher that costs nothing: one's own machine. */
    public static Tariff free(String model) {
        return new Tariff(model, LocalDate.EPOCH, "one's own machine", "USD", Prices.NOTHING, List.of());
    }

    /** The cost of a reply that was complete at that time. */
    public Money cost(Usage usage, Instant completedAt) {
        Prices now = windows.stream()
                .filter(window -> window.contains(completedAt))
                .map(Window::prices)
                .findFirst()
                .orElse(prices);
        return new Money(now.of(usage), currency);
    }

    /** The cost of these tokens at the worst hour, without any help from the cache: what a budget sets aside. */
    public Money costAtMost(long promptTokens, long completionTokens) {
        Usage usage = new Usage(promptTokens, 0, completionTokens, 0);
        BigDecimal worst =
                windows.stream().map(window -> window.prices().of(usage)).reduce(prices.of(usage), BigDecimal::max);
        return new Money(worst, currency);
    }
}

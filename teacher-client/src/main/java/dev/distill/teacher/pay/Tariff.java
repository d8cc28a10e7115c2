package dev.distill.teacher.pay;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one model costs from a day on.
 *
 * @param model the model's name as the provider spells it
 * @param host of the provider's API, for example {@code api.groq.com}; null for whatever host serves a model of that name
 * @param since the first day on which these prices hold
 * @param source where they were read
 * @param currency ISO 4217
 * @param prices outside all windows
 * @param batch what prices are multiplied by for requests of a batch; 1 where a batch is no cheaper
 * @param windows hours with other prices; the first that fits counts
 */
public record Tariff(
        String model,
        @Nullable String host,
        LocalDate since,
        String source,
        String currency,
        Prices prices,
        BigDecimal batch,
        List<Window> windows) {
    /** After so long every window has come again. */
    private static final Duration WEEK = Duration.ofDays(7);

    private static final Comparator<Prices> BY_PRICE = Comparator.comparing(Prices::output)
            .thenComparing(Prices::cacheMiss)
            .thenComparing(Prices::cacheHit);

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

        /** When it begins and ends between then and later. */
        private Stream<Instant> edges(Instant then, Instant later) {
            LocalDate today = then.atZone(zone).toLocalDate();
            long days = Duration.between(then, later).toDays() + 1;
            return Stream.iterate(0, day -> day <= days, day -> day + 1)
                    .flatMap(day -> Stream.of(from, to)
                            .map(clock -> today.plusDays(day)
                                    .atTime(clock)
                                    .atZone(zone)
                                    .toInstant()))
                    .filter(edge -> edge.isAfter(then) && edge.isBefore(later));
        }
    }

    public Tariff {
        windows = List.copyOf(windows);
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException(
                    "tariff of " + model + ": currency must be three capital letters; got \"" + currency + "\"");
        }
        if (batch.signum() < 0) {
            throw new IllegalArgumentException("tariff of " + model + ": batch must be 0 or more; got " + batch);
        }
    }

    /** Of any host, without a discount for batches. */
    public Tariff(String model, LocalDate since, String source, String currency, Prices prices, List<Window> windows) {
        this(model, null, since, source, currency, prices, BigDecimal.ONE, windows);
    }

    /** A teacher that costs nothing: one's own machine. */
    public static Tariff free(String model) {
        return new Tariff(model, LocalDate.EPOCH, "one's own machine", "USD", Prices.NOTHING, List.of());
    }

    /** The same for requests of a batch. */
    public Tariff batched() {
        List<Window> all = windows.stream()
                .map(window -> new Window(
                        window.zone(),
                        window.days(),
                        window.from(),
                        window.to(),
                        window.prices().times(batch)))
                .toList();
        return new Tariff(model, host, since, source, currency, prices.times(batch), BigDecimal.ONE, all);
    }

    /** The cost of a reply that was complete at that time. */
    public Money cost(Usage usage, Instant completedAt) {
        return new Money(at(completedAt).of(usage), currency);
    }

    private Prices at(Instant time) {
        return windows.stream()
                .filter(window -> window.contains(time))
                .map(Window::prices)
                .findFirst()
                .orElse(prices);
    }

    /** The cost of these tokens at the worst hour, without any help from the cache: what a budget sets aside. */
    public Money costAtMost(long promptTokens, long completionTokens) {
        BigDecimal worst =
                all().map(each -> each.atMost(promptTokens, completionTokens)).reduce(BigDecimal.ZERO, BigDecimal::max);
        return new Money(worst, currency);
    }

    private Stream<Prices> all() {
        return Stream.concat(Stream.of(prices), windows.stream().map(Window::prices));
    }

    /**
     * How long to wait until the price is the lowest there is, and will be for as long as a request may take: a provider charges by the hour at which a
     * reply is complete. Where the lowest price never holds so long, the beginning of such hours counts.
     */
    public Duration untilCheapest(Instant now, Duration takes) {
        Prices cheapest = all().min(BY_PRICE).orElse(prices);
        TreeSet<Instant> edges = new TreeSet<>();
        edges.add(now);
        Instant last = now.plus(WEEK);
        windows.forEach(window -> window.edges(now, last.plus(takes)).forEach(edges::add));
        List<Instant> cheap = edges.headSet(last).stream()
                .filter(edge -> isAsCheap(edge, cheapest))
                .toList();
        Instant begin = cheap.stream()
                .filter(edge ->
                        edges.subSet(edge, edge.plus(takes)).stream().allMatch(inside -> isAsCheap(inside, cheapest)))
                .findFirst()
                .orElse(cheap.isEmpty() ? now : cheap.getFirst());
        return Duration.between(now, begin);
    }

    private boolean isAsCheap(Instant time, Prices cheapest) {
        return BY_PRICE.compare(at(time), cheapest) == 0;
    }
}

package dev.distill.teacher.pay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayTest {
    private static Money usd(String amount) {
        return new Money(new BigDecimal(amount), "USD");
    }

    /** By hand: 1,000 x 0.14 + 9,000 x 0.55 + 32,000 x 2.19, in millionths: 140 + 4,950 + 70,080. */
    @Test
    void aReplyCostsExactlyItsTokens() {
        Tariff r1 = Tariffs.builtIn()
                .find("deepseek-reasoner", "api.deepseek.com", LocalDate.parse("2025-02-01"))
                .orElseThrow();
        Usage usage = new Usage(10_000, 1_000, 32_000, 30_000);
        assertThat(r1.cost(usage, Instant.EPOCH)).isEqualTo(usd("0.07517000"));
        assertThat(r1.costAtMost(10_000, 32_000).amount()).isEqualByComparingTo("0.07558");
    }

    /** Peak hours in Beijing, 9 to 12 and 14 to 18 from Monday to Friday; 2026-09-02 is a Wednesday. */
    @Test
    void theHourDecidesWhereTheTariffSaysSo() {
        Tariff flash = Tariffs.builtIn()
                .find("deepseek-v4.1-flash", "api.deepseek.com", LocalDate.parse("2026-09-02"))
                .orElseThrow();
        Usage million = new Usage(0, 0, 1_000_000, 0);
        assertThat(flash.cost(million, Instant.parse("2026-09-02T00:59:59Z")).amount())
                .isEqualByComparingTo("4");
        assertThat(flash.cost(million, Instant.parse("2026-09-02T01:00:00Z")).amount())
                .isEqualByComparingTo("8");
        assertThat(flash.cost(million, Instant.parse("2026-09-02T04:00:00Z")).amount())
                .isEqualByComparingTo("4");
        assertThat(flash.cost(million, Instant.parse("2026-09-02T09:59:59Z")).amount())
                .isEqualByComparingTo("8");
        assertThat(flash.cost(million, Instant.parse("2026-09-05T01:00:00Z")).amount())
                .isEqualByComparingTo("4");
        assertThat(flash.costAtMost(0, 1_000_000).amount()).isEqualByComparingTo("8");
    }

    /** The same name costs half of it on another host. */
    @Test
    void theHostDecidesWhereTheTariffSaysSo() {
        Tariffs tariffs = Tariffs.builtIn();
        LocalDate day = LocalDate.parse("2026-11-30");
        Usage million = new Usage(0, 0, 1_000_000, 500_000);
        String model = "openai/gpt-oss-20b";
        assertThat(tariffs.find(model, "api.groq.com", day)
                        .orElseThrow()
                        .cost(million, Instant.EPOCH)
                        .amount())
                .isEqualByComparingTo("0.3");
        assertThat(tariffs.find(model, "api.together.xyz", day)
                        .orElseThrow()
                        .cost(million, Instant.EPOCH)
                        .amount())
                .isEqualByComparingTo("0.2");
        assertThat(tariffs.find(model, "127.0.0.1", day)).isEmpty();
        assertThat(tariffs.find(model, "evil-api.groq.com.example", day)).isEmpty();
    }

    /** Reasoning of another price, and a batch for half of it: 600,000 x 2 + 400,000 x 5 = 3.2; at worst all at 5. */
    @Test
    void reasoningAndBatchesHavePricesOfTheirOwn(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("t.yaml"),
                "tariffs: [{model: m, since: 2026-01-01, source: s, currency: USD, cache_hit: 0, cache_miss: 1, output: 2,"
                        + " reasoning: 5, batch: 0.5}]");
        Tariff tariff =
                Tariffs.load(file).find("m", "h", LocalDate.parse("2026-01-01")).orElseThrow();
        Usage usage = new Usage(0, 0, 1_000_000, 400_000);
        assertThat(tariff.cost(usage, Instant.EPOCH).amount()).isEqualByComparingTo("3.2");
        assertThat(tariff.costAtMost(1_000_000, 1_000_000).amount()).isEqualByComparingTo("6");
        assertThat(tariff.batched().cost(usage, Instant.EPOCH).amount()).isEqualByComparingTo("1.6");
        assertThat(tariff.batched().batched().costAtMost(1_000_000, 1_000_000).amount())
                .isEqualByComparingTo("3");
    }

    /** Beijing is eight hours ahead: peak from 01:00 to 04:00 and from 06:00 to 10:00 UTC on working days; 2026-09-02 is a Wednesday. */
    @ParameterizedTest
    @CsvSource({
        "2026-09-02T00:10:00Z, PT30M, PT0S",
        "2026-09-02T00:40:00Z, PT30M, PT3H20M", // would be complete in the peak
        "2026-09-02T02:00:00Z, PT30M, PT2H",
        "2026-09-02T04:30:00Z, PT2H, PT5H30M", // the pause at noon is too short
        "2026-09-02T07:00:00Z, PT30M, PT3H",
        "2026-09-05T02:00:00Z, PT30M, PT0S", // a Saturday
        "2026-09-02T02:00:00Z, PT500H, PT2H" // never so long: the next cheap hour counts
    })
    void cheapHoursAreWaitedFor(Instant now, Duration takes, Duration waits) {
        Tariff flash = Tariffs.builtIn()
                .find("deepseek-v4.1-flash", "api.deepseek.com", LocalDate.parse("2026-09-02"))
                .orElseThrow();
        assertThat(flash.untilCheapest(now, takes)).isEqualTo(waits);
    }

    /** A file that ships must be right: every row has a date, a source and a price, and none is there twice. */
    @Test
    void theBuiltInTableIsOrdered() {
        List<Tariff> all = Tariffs.builtIn().tariffs();
        assertThat(all)
                .hasSizeGreaterThan(40)
                .allSatisfy(tariff -> assertThat(tariff.source()).isNotBlank())
                .allSatisfy(tariff -> assertThat(tariff.prices().output()).isPositive())
                .allSatisfy(tariff -> assertThat(tariff.prices().cacheHit())
                        .isLessThanOrEqualTo(tariff.prices().cacheMiss()));
        assertThat(all.stream().map(tariff -> tariff.model() + " " + tariff.host() + " " + tariff.since()))
                .doesNotHaveDuplicates();
    }

    @Test
    void theYoungestTariffOfTheDayCounts(@TempDir Path folder) throws IOException {
        String entry = "- {model: m, since: %s, source: s, currency: USD, cache_hit: 0, cache_miss: %s, output: 1}\n";
        Path file = Files.writeString(
                folder.resolve("t.yaml"),
                "tariffs:\n" + entry.formatted("2026-01-01", "0.1") + entry.formatted("2026-03-01", "0.3"));
        Tariffs tariffs = Tariffs.load(file);
        assertThat(tariffs.find("m", "127.0.0.1", LocalDate.parse("2025-12-31")))
                .isEmpty();
        assertThat(tariffs.find("m", "127.0.0.1", LocalDate.parse("2026-02-28"))
                        .orElseThrow()
                        .prices()
                        .cacheMiss())
                .isEqualTo(new BigDecimal("0.1"));
        assertThat(tariffs.find("m", "127.0.0.1", LocalDate.parse("2026-03-01"))
                        .orElseThrow()
                        .prices()
                        .cacheMiss())
                .isEqualTo(new BigDecimal("0.3"));
        Path wrong = Files.writeString(folder.resolve("w.yaml"), "tariffs:\n- {model: m, prise: 1}\n");
        assertThatThrownBy(() -> Tariffs.load(wrong))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("prise");
        Path missing = Files.writeString(folder.resolve("x.yaml"), "tariffs:\n- {model: m, since: 2026-01-01}\n");
        assertThatThrownBy(() -> Tariffs.load(missing)).hasMessageContaining("must list model, since");
    }

    @Test
    void aBudgetSetsTheWorstAsideAndBooksTheTruth() {
        Budget budget = Budget.of(usd("10"), usd("1"));
        Budget.Reservation first = budget.reserve(usd("6")).orElseThrow();
        assertThat(budget.reserve(usd("9.01"))).isEmpty();
        first.settle(usd("2"));
        assertThat(budget.spent()).isEqualTo(usd("3"));
        assertThat(budget.reserve(usd("7"))).isPresent();
        assertThatThrownBy(() -> first.settle(usd("1"))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Budget.of(new Money(BigDecimal.TEN, "CNY"), usd("0")))
                .hasMessage("budget: must be in the currency of the tariff, USD; got CNY");
    }

    @Test
    void whoDoesNotFitBesideOthersWaitsForThem() throws Exception {
        Budget budget = Budget.of(usd("10"), usd("0"));
        Budget.Reservation first = budget.reserve(usd("8")).orElseThrow();
        CountDownLatch got = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            if (budget.reserve(usd("5")).isPresent()) {
                got.countDown();
            }
        });
        assertThat(got.await(50, TimeUnit.MILLISECONDS)).isFalse();
        first.settle(usd("1"));
        assertThat(got.await(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Many threads, random worst costs, true costs at most those: never a cent beyond the cap, at any moment. */
    @Test
    void theCapHoldsUnderContention() throws Exception {
        long seed = System.nanoTime();
        Budget budget = Budget.of(usd("100"), usd("0"));
        AtomicInteger above = new AtomicInteger();
        AtomicInteger bought = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                Random random = new Random(seed + i);
                threads.execute(() -> {
                    int worst = 1 + random.nextInt(5);
                    Optional<Budget.Reservation> reserved = budget.reserve(usd("" + worst));
                    reserved.ifPresent(r -> {
                        r.settle(usd("" + random.nextInt(worst + 1)));
                        bought.incrementAndGet();
                    });
                    if (budget.spent().amount().compareTo(new BigDecimal("100")) > 0) {
                        above.incrementAndGet();
                    }
                });
            }
        }
        assertThat(above).as("seed " + seed).hasValue(0);
        // what is left is less than the largest worst cost
        assertThat(budget.spent().amount()).as("seed " + seed).isBetween(new BigDecimal("96"), new BigDecimal("100"));
        assertThat(bought.get()).isPositive();
    }
}

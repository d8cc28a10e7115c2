package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.pay.Prices;
import dev.distill.teacher.pay.Tariff;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole harvests over real HTTP, against a server that misbehaves as told and keeps its own count. */
@Timeout(120)
class HarvestIT extends HarvestScene {
    @Test
    void writesEverySampleInTheOrderOfThePromptsWithWhatItCost() throws IOException {
        try (ScriptedServer server = new ScriptedServer(
                (body, attempt, answer) -> answer.reply("i double it: " + body.hashCode(), "\\\\boxed{2}", "stop"))) {
            List<HarvestProgress> seen = new ArrayList<>();
            HarvestResult result =
                    new Harvester(config(server.url(), 3, null, QUICK), ApiKey.NONE).run(prompts(20), seen::add);
            assertThat(result.ending()).isEqualTo(new Ending.Done());
            assertThat(result.units()).isEqualTo(60);
            assertThat(result.completed()).isEqualTo(60);
            assertThat(result.failed()).isEmpty();
            // 20 + 50 tokens each; 20 x 0.001 + 50 x 0.01
            assertThat(result.boughtTokens()).isEqualTo(60 * 70);
            assertThat(result.spent().amount()).isEqualByComparingTo("31.2");
            assertThat(result.estimated().amount()).isEqualByComparingTo("0");
            assertThat(result.shards()).hasSize(1);
            assertThat(seen.getLast().completed()).isEqualTo(60);
            assertThat(seen.getLast().bought().spent()).isEqualTo(result.spent());
        }
        List<Trace> traces = traces();
        assertThat(traces).hasSize(60);
        for (int i = 0; i < 60; i++) {
            Trace trace = traces.get(i);
            assertThat(trace.question()).isEqualTo("what is " + i / 3 + " + " + i / 3 + "?");
            assertThat(trace.sample()).isEqualTo(i % 3);
            assertThat(trace.reference()).isEqualTo("" + 2 * (i / 3));
            assertThat(trace.reasoning()).startsWith("i double it: ");
            assertThat(trace.answer()).isEqualTo("\\boxed{2}");
            assertThat(trace.teacher()).isEqualTo("m-1");
            assertThat(trace.parameters())
                    .containsEntry("seed", "" + (7 + i % 3))
                    .containsEntry("temperature", "0.6");
            assertThat(trace.usage().cacheHitTokens()).isEqualTo(8);
            assertThat(trace.cost().amount()).isEqualByComparingTo("0.52");
        }
    }

    /** Six attempts are allowed, and a server that is full for a while refuses twelve times: that says nothing about the unit. */
    @Test
    void refusalsForTooManyDoNotUseUpAUnitsAttempts() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            if (attempt <= 12) {
                answer.status(429, "{\"error\":{\"message\":\"slow down\"}}", "retry-after-ms: 2");
            } else {
                answer.reply("thoughts", "answer", "stop");
            }
        })) {
            HarvestResult result = harvest(server, 3, 1);
            assertThat(result.completed()).isEqualTo(3);
            assertThat(result.requests()).isEqualTo(39);
        }
    }

    /** Every minute but those of one day far from today costs more: nothing is sent, and an interrupt is heard while it waits. */
    @Test
    void requestsWaitForCheapHours() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer((body, attempt, answer) -> answer.reply("thoughts", "answer", "stop"))) {
            DayOfWeek far = LocalDate.now(ZoneOffset.UTC).getDayOfWeek().plus(3);
            Prices cheap = new Prices(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE);
            Tariff.Window window =
                    new Tariff.Window(ZoneOffset.UTC, Set.of(far), LocalTime.of(1, 0), LocalTime.of(23, 0), cheap);
            Tariff tariff = new Tariff("m", LocalDate.EPOCH, "test", "USD", TARIFF.prices(), List.of(window));
            HarvestConfig any = config(server.url(), 1, null, QUICK);
            HarvestConfig config = new HarvestConfig(
                    any.endpoint(),
                    any.sampling(),
                    any.asking(),
                    any.limits(),
                    new Spending(tariff, null, true),
                    any.output());
            Harvester harvester = new Harvester(config, ApiKey.NONE);
            FutureTask<HarvestResult> waiting = new FutureTask<>(() -> harvester.run(prompts(2), HarvestListener.NONE));
            Thread.ofPlatform().start(waiting);
            Thread.sleep(300);
            harvester.stop();
            assertThat(waiting.get(20, TimeUnit.SECONDS).ending()).isEqualTo(new Ending.Interrupted());
            assertThat(server.requests()).isZero();
        }
    }

    /** Cut streams tell no usage: what may have been charged is what was set aside, 1.1 and more each, and the budget goes by that. */
    @Test
    void unknownUsageCountsAtItsReservation() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}");
            answer.cut();
        })) {
            Money cap = new Money(new BigDecimal("5"), "USD");
            HarvestResult result = harvest(config(server.url(), 1, cap, QUICK), 30);
            assertThat(result.ending()).isInstanceOf(Ending.BudgetReached.class);
            assertThat(server.requests()).isBetween(1, 4);
            assertThat(result.spent().amount()).isLessThan(BigDecimal.ONE); // as far as the texts tell
        }
    }

    /** Nothing had come before the error, and the provider may charge all the same: no more is sent than the budget could pay. */
    @Test
    void anErrorInsideAStreamIsNotFree() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"error\":{\"message\":\"worker died\",\"code\":500}}");
            answer.end();
        })) {
            Money cap = new Money(new BigDecimal("5"), "USD");
            HarvestResult result = harvest(config(server.url(), 1, cap, QUICK), 30);
            assertThat(result.ending()).isInstanceOf(Ending.BudgetReached.class);
            assertThat(server.requests()).isBetween(1, 4);
            assertThat(result.spent().amount()).isEqualByComparingTo("0");
        }
    }

    /** One that its provider will not have, whatever the reason: the others are asked all the same. */
    @Test
    void oneForbiddenUnitDoesNotStopTheOthers() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            if (number(body) == 30) {
                answer.status(403, "{\"error\":{\"message\":\"not allowed\"}}");
            } else {
                answer.reply("r", "a", "stop");
            }
        })) {
            HarvestResult result = harvest(config(server.url(), 1, null, QUICK.withInFlight(4)), 60);
            assertThat(result.ending()).isEqualTo(new Ending.Done());
            assertThat(result.completed()).isEqualTo(59);
            assertThat(result.failed()).isEqualTo(Map.of("unauthorized", 1));
        }
    }

    /** Every unit meets one misfortune or none, by its number; all must be complete in the end, none of them half. */
    @Test
    void getsThroughEverythingThatPasses() throws IOException {
        try (ScriptedServer server = new ScriptedServer(HarvestIT::misbehave)) {
            HarvestResult result = harvest(server, 50, 2);
            assertThat(result.ending()).isEqualTo(new Ending.Done());
            assertThat(result.completed()).isEqualTo(100);
            assertThat(server.completed()).hasSize(100);
            assertThat(server.completed().values()).allMatch(count -> count.get() == 1);
            // cut and stalled streams give no usage: what they cost is estimated
            assertThat(result.estimated().amount()).isPositive();
        }
        assertThat(traces())
                .hasSize(100)
                .allSatisfy(trace -> assertThat(trace.reasoning()).isEqualTo("let me think about it"))
                .allSatisfy(trace -> assertThat(trace.answer()).isEqualTo("fine"))
                .anySatisfy(trace -> {
                    assertThat(trace.attempts()).isEqualTo(2);
                    assertThat(trace.cost().amount()).isGreaterThan(new BigDecimal("0.52"));
                });
    }

    private static void misbehave(String body, int attempt, ScriptedServer.Answer answer) throws IOException {
        int kind = attempt > 1 ? -1 : Math.floorMod(number(body), 10);
        switch (kind) {
            case 0 -> answer.status(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After: 0.05");
            case 1 -> answer.status(503, "");
            case 2 -> {
                answer.stream();
                answer.data("{\"choices\":[{\"delta\":{\"reasoning_content\":\"let me th\"}}]}");
                answer.cut();
            }
            case 3 -> {
                answer.stream();
                answer.data("{\"choices\":[{\"delta\":{\"reasoning_content\":\"let me\"}}]}");
                if (number(body) == 3) {
                    answer.stall();
                } else {
                    answer.end();
                }
            }
            case 4 -> {
                answer.stream();
                answer.data("{\"choices\":[{\"delta\":{\"content\":\"fi\"}}]}");
                answer.data("{\"error\":{\"message\":\"worker died\",\"type\":\"server_error\"}}");
                answer.end();
            }
            case 5 -> answer.reply("let me think about it", "fi", "insufficient_system_resource");
            case 6 -> {
                answer.stream();
                answer.data("{\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}");
                answer.end();
            }
            case 7 -> answer.cut();
            default -> answer.reply("let me think about it", "fine", "stop");
        }
    }

    @Test
    void keepsRepliesThatTheTokenLimitCutOff() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer((body, attempt, answer) -> answer.reply("long thoughts", "ans", "length"))) {
            assertThat(harvest(server, 2, 1).completed()).isEqualTo(2);
            assertThat(server.requests()).isEqualTo(2);
        }
        assertThat(traces()).allMatch(trace -> trace.finish() == FinishReason.LENGTH);
    }

    @Test
    void countsWhatFailsByReasonAndAsksAgainNextTimeOnlyWhereThatMakesSense() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            switch (number(body)) {
                case 0 -> answer.status(422, "{\"error\":{\"message\":\"too long\"}}");
                case 1 -> answer.status(500, "");
                case 2 -> answer.reply("no", "no", "content_filter");
                default -> answer.reply("r", "a", "stop");
            }
        })) {
            HarvestResult first = harvest(server, 6, 1);
            assertThat(first.ending()).isEqualTo(new Ending.Done());
            assertThat(first.completed()).isEqualTo(3);
            assertThat(first.failed())
                    .containsOnlyKeys("bad_request", "overloaded", "refused")
                    .containsEntry("overloaded", 1);
            // one for each that is not asked again in this run, six for the one that is
            assertThat(first.requests()).isEqualTo(3 + 1 + 1 + 6);
            HarvestResult second = harvest(server, 6, 1);
            // the overloaded one again, and the one that was not acceptable, but not the refused one
            assertThat(second.requests()).isEqualTo(6 + 1);
            assertThat(second.failed()).isEqualTo(first.failed());
            assertThat(traces()).hasSize(3);
        }
    }

    @Test
    void aServerThatFailsEverythingStopsTheRunWithOneMessage() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> answer.status(503, "busy"))) {
            HarvestResult result = harvest(server, 1000, 1);
            assertThat(result.ending())
                    .isInstanceOfSatisfying(
                            Ending.Stopped.class,
                            stopped -> assertThat(stopped.message())
                                    // 40, or a few more that failed at the same moment
                                    .containsPattern("the last [45][0-9] requests all failed")
                                    .contains("overloaded (status 503: busy)"));
            assertThat(result.requests()).isBetween(40L, 80L);
        }
    }
}

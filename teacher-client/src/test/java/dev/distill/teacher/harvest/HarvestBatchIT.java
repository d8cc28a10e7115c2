package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.ScriptedServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Harvests through a batch API over real HTTP. */
@Timeout(300)
class HarvestBatchIT extends BatchScene {
    @Test
    void unitsAreTheSameAsThoseThatAreStreamed() throws IOException {
        HarvestResult result = harvest("a", SMALL, 12);
        assertThat(result.ending()).isEqualTo(new Ending.Done());
        assertThat(result.completed()).isEqualTo(12);
        assertThat(server.sizes()).containsExactly(5, 5, 2);
        assertThat(server.worked.values()).containsOnly(1).hasSize(12);
        for (JsonNode line : server.bodies) {
            assertThat(line.path("url").asText()).isEqualTo("/v1/chat/completions");
            assertThat(line.path("method").asText()).isEqualTo("POST");
            assertThat(line.path("body").has("stream")).isFalse();
            assertThat(line.path("body").has("stream_options")).isFalse();
            assertThat(line.path("body").path("max_tokens").asInt()).isEqualTo(100);
        }
        List<Trace> batched = traces("a");
        assertThat(batched.getFirst().reasoning()).isEqualTo("because");
        assertThat(batched.getFirst().usage().completionTokens()).isEqualTo(50);
        try (ScriptedServer streaming =
                new ScriptedServer((body, attempt, answer) -> answer.reply("because", "x", "stop"))) {
            harvested(config(streaming.url(), 1, null, QUICK), 12);
        }
        assertThat(traces().stream().map(Trace::id))
                .containsExactlyElementsOf(batched.stream().map(Trace::id).toList());
        try (Stream<Path> left = Files.list(folder.resolve("a"))) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("batch-"));
        }
        int calls = server.calls.size();
        assertThat(harvest("a", SMALL, 12).requests()).isZero();
        assertThat(server.calls).hasSize(calls);
    }

    @Test
    void aFileTakesNoMoreBytesThanItMay() throws IOException {
        harvest("a", new BatchLimits(100, 500, 8, Duration.ofMillis(5), false), 6);
        assertThat(server.sizes()).containsExactly(2, 2, 2);
        assertThat(server.worked.values()).containsOnly(1).hasSize(6);
    }

    @Test
    void failuresAreToldByLine() throws IOException {
        Map<Integer, Integer> asked = new java.util.concurrent.ConcurrentHashMap<>();
        server.answers = number -> switch (number) {
            case 1 -> "400 {\"error\":{\"message\":\"too long\"}}";
            case 2 -> "400 {\"error\":{\"message\":\"no\",\"code\":\"content_filter\"}}";
            case 3, 7 -> asked.merge(number, 1, Integer::sum) == 1 ? "429 {\"error\":{\"message\":\"slow down\"}}" : "";
            default -> "";
        };
        HarvestResult result = harvest("a", SMALL, 8);
        assertThat(result.completed()).isEqualTo(6);
        assertThat(result.failed()).isEqualTo(Map.of("bad_request", 1, "refused", 1));
        assertThat(server.sizes().getFirst()).isEqualTo(5);
        assertThat(server.sizes().stream().mapToInt(Integer::intValue).sum()).isEqualTo(10);
        // what was refused for good is not asked again by the next run, the other is
        harvest("a", SMALL, 8);
        assertThat(server.sizes().getLast()).isEqualTo(1);
    }

    @Test
    void whatABatchHadNoTimeForGoesIntoTheNext() throws IOException {
        Map<Integer, Integer> asked = new java.util.concurrent.ConcurrentHashMap<>();
        server.answers = number -> number % 2 == 1 && asked.merge(number, 1, Integer::sum) == 1 ? "expired" : "";
        server.ends = batch -> batch == 0 ? "expired" : "completed";
        HarvestResult result = harvest("a", SMALL, 5);
        assertThat(result.completed()).isEqualTo(5);
        assertThat(server.sizes()).containsExactly(5, 2);
        assertThat(server.worked.values()).containsOnly(1).hasSize(5);
    }

    /** A unit costs 1.11 at worst and 0.52 in the end: first there is money for four, in the end for none. */
    @Test
    void theBudgetHoldsForWholeBatches() throws IOException {
        Money cap = new Money(new BigDecimal("5"), "USD");
        HarvestResult stopped = harvested(config("a", SMALL, cap, Asking.of(1)), 20);
        assertThat(stopped.ending()).isEqualTo(new Ending.BudgetReached(cap, stopped.spent()));
        assertThat(stopped.spent().amount()).isBetween(new BigDecimal("3.9"), cap.amount());
        assertThat(server.sizes().getFirst()).isEqualTo(4);
        assertThat(stopped.completed()).isEqualTo(server.worked.size());
        Money more = new Money(new BigDecimal("50"), "USD");
        assertThat(harvested(config("a", SMALL, more, Asking.of(1)), 20).completed())
                .isEqualTo(20);
        assertThat(server.worked.values()).containsOnly(1).hasSize(20);
    }

    @Test
    void promptsAreAskedUntilTheyAreRight() throws IOException {
        Asking asking = Asking.of(1).withUntilRight(new UntilRight(2, 5, new MathVerifier()));
        HarvestResult result = harvested(config("a", SMALL, null, asking), 4);
        assertThat(result.counts()).containsEntry("accepted", 8L).containsEntry("completed", 8L);
        assertThat(server.worked.values()).containsOnly(1).hasSize(8);
    }

    @Test
    void aBatchThatIsRefusedIsToldWithItsReason() throws IOException {
        server.ends = batch -> "failed invalid_json_line line 3 is no JSON";
        HarvestResult result = harvest("a", SMALL, 3);
        assertThat(result.ending()).isInstanceOf(Ending.Stopped.class);
        assertThat(((Ending.Stopped) result.ending()).message())
                .contains("the provider refuses a batch: invalid_json_line line 3 is no JSON");
        server.ends = batch -> "completed";
        assertThat(harvest("a", SMALL, 3).completed()).isEqualTo(3);
    }

    @Test
    void tooMuchAtOnceWaitsForTheOthers() throws IOException {
        server.ends = batch -> batch == 1 ? "failed token_limit_exceeded too many tokens wait" : "completed";
        HarvestResult result = harvest("a", new BatchLimits(5, 1_000_000, 2, Duration.ofMillis(5), false), 10);
        assertThat(result.ending()).isEqualTo(new Ending.Done());
        assertThat(server.worked.values()).containsOnly(1).hasSize(10);
    }

    @Test
    void batchesThatWereLeftAreCalledBackOrCollectedByEitherTransport() throws Exception {
        server.looks = Integer.MAX_VALUE;
        CountDownLatch looked = new CountDownLatch(6);
        server.watch = (run, call, before) -> {
            looked.countDown();
            return true;
        };
        HarvestConfig config = config("a", SMALL, null, Asking.of(1));
        Files.createDirectories(config.output().folder());
        Harvester harvester = new Harvester(config, ApiKey.NONE);
        FutureTask<HarvestResult> result = new FutureTask<>(() -> harvester.run(prompts(5), HarvestListener.NONE));
        Thread.ofPlatform().start(result);
        assertThat(looked.await(60, TimeUnit.SECONDS)).isTrue();
        harvester.stop();
        assertThat(result.get(60, TimeUnit.SECONDS).ending()).isEqualTo(new Ending.Interrupted());
        assertThat(result.get().counts()).containsEntry("open_batches", 1L);

        HarvestResult back = harvest("a", new BatchLimits(5, 1_000_000, 8, Duration.ofMillis(5), true), 5);
        assertThat(back.ending()).isInstanceOf(Ending.Stopped.class);
        assertThat(back.completed()).isEqualTo(2);
        assertThat(server.calls).contains("POST batches/batch-0/cancel");

        server.looks = 2;
        assertThat(harvest("a", SMALL, 5).completed()).isEqualTo(5);
        assertThat(server.sizes()).containsExactly(5, 3);
    }

    /** A batch that was asked for, of which nothing was heard and which shows only later. */
    @Test
    void aBatchThatShowsLateIsNotMadeTwice() throws IOException {
        server.hidden = 1;
        boolean[] broken = {false};
        server.watch = (run, call, before) -> {
            boolean breaks = !before && !broken[0] && server.calls.getLast().equals("POST batches");
            broken[0] |= breaks;
            return !breaks;
        };
        HarvestResult result = harvest("a", SMALL, 4);
        assertThat(broken[0]).isTrue();
        assertThat(result.completed()).isEqualTo(4);
        assertThat(server.sizes()).containsExactly(4);
        assertThat(server.worked.values()).containsOnly(1).hasSize(4);
    }

    /** Bytes that are no UTF-8, a line without an end, and the key in an escape: each is one line's trouble. */
    @Test
    void whatOneLineHasWrongCostsThatLine() throws IOException {
        server.spoil = text -> text.replaceFirst("because", "because \uFFFF of " + "\\\\u0073" + CANARY.substring(1));
        HarvestResult result = harvest("a", SMALL, 4);
        assertThat(result.completed()).isEqualTo(4);
        assertThat(traces("a").toString()).doesNotContain(CANARY).contains("because \uFFFD of");
        assertThat(Files.readString(folder.resolve("a/ledger.journal"), StandardCharsets.ISO_8859_1))
                .doesNotContain(CANARY);
    }
}

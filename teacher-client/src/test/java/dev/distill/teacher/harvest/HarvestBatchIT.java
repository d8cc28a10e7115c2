package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.pay.Tariff;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Harvests through a batch API over real HTTP. */
@Timeout(300)
class HarvestBatchIT extends HarvestScene {
    private static final BatchLimits SMALL = new BatchLimits(5, 1_000_000, 8, Duration.ofMillis(5), false);

    private BatchServer server;

    @BeforeEach
    void start() throws IOException {
        server = new BatchServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HarvestConfig config(String run, @Nullable BatchLimits batch, @Nullable Money cap, Asking asking) {
        Limits limits = batch == null ? QUICK : QUICK.withBatch(batch);
        HarvestConfig plain = config(server.url(run), 1, cap, limits);
        return new HarvestConfig(
                plain.endpoint(),
                plain.sampling(),
                asking,
                limits,
                plain.spending(),
                new HarvestOutput(
                        folder.resolve(run),
                        plain.output().stage(),
                        plain.output().card(),
                        plain.output().size()));
    }

    private HarvestResult harvest(String run, BatchLimits batch, int prompts) throws IOException {
        return harvested(config(run, batch, null, Asking.of(1)), prompts);
    }

    private static HarvestResult harvested(HarvestConfig config, int prompts) throws IOException {
        Files.createDirectories(config.output().folder());
        return new Harvester(config, ApiKey.of(CANARY)).run(prompts(prompts), HarvestListener.NONE);
    }

    private List<Trace> traces(String run) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(folder.resolve(run))) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

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

    /** Killed with four on their way, then gone on with other parameters: no unit of the batch is asked for any more, and all may cost money. */
    @Test
    void whatIsOnItsWayCountsThoughNobodyAsksForItAnyMore() throws IOException {
        killedAt(3, true, "a", 4);
        Money cap = new Money(new BigDecimal("5"), "USD");
        HarvestConfig before = config("a-next", SMALL, cap, Asking.of(1));
        Sampling other = new Sampling(0.7, 0.95, 100, OptionalLong.of(7), new TreeMap<>());
        HarvestConfig after = new HarvestConfig(
                before.endpoint(), other, before.asking(), before.limits(), before.spending(), before.output());
        HarvestResult result = harvested(after, 20);
        assertThat(result.ending()).isInstanceOf(Ending.BudgetReached.class);
        // 4 x 0.52 and then what fits into the 2.92 that are left at 1.113 each, then into 1.88, into none
        assertThat(server.sizes()).startsWith(4, 2);
    }

    /** Nobody asks for these units any more, and none brings a reply: what the provider charges for them is booked all the same. */
    @Test
    void whatNobodyAsksForAnyMoreIsPaidForThoughItBringsNothing() throws IOException {
        server.answers =
                _ -> "200 {\"model\":\"m-1\",\"choices\":[{\"index\":0,\"finish_reason\":\"length\",\"message\":{}}],"
                        + "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":50}}";
        killedAt(3, true, "a", 4);
        HarvestConfig before = config("a-next", SMALL, null, Asking.of(1));
        Sampling other = new Sampling(0.7, 0.95, 100, OptionalLong.of(7), new TreeMap<>());
        HarvestConfig after = new HarvestConfig(
                before.endpoint(), other, before.asking(), before.limits(), before.spending(), before.output());
        server.answers = _ -> "";
        HarvestResult result = harvested(after, 4);
        assertThat(result.completed()).isEqualTo(4);
        assertThat(result.spent().amount()).isEqualByComparingTo("4.16"); // eight times 0.52
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

    @Test
    void streamingCollectsWhatIsOnItsWayFirst() throws IOException {
        HarvestConfig batched = config("a", SMALL, null, Asking.of(1));
        // killed when the batch was made and nobody had looked at it
        killedAt(3, true, "a", 4);
        assertThat(server.sizes()).containsExactly(4);
        server.looks = 1; // the next one is a minute later
        HarvestResult result = harvested(config("a-next", null, null, Asking.of(1)), 4);
        assertThat(result.completed()).isEqualTo(4);
        assertThat(result.ending()).isEqualTo(new Ending.Done());
        assertThat(server.worked.values()).containsOnly(1).hasSize(4);
        assertThat(batched.limits().batch()).isEqualTo(SMALL);
    }

    /** Streamed, a prompt's other samples would wait for its first: here they are on their way already, and none is asked for again. */
    @Test
    void samplesThatWaitForTheirTurnAreCollectedToo() throws IOException {
        Asking asking = Asking.of(4).withSharedPrefix(1);
        killedAt(3, true, config("a", SMALL, null, asking), 1);
        server.looks = 1;
        HarvestResult result = harvested(config("a-next", null, null, asking), 1);
        assertThat(result.ending()).isEqualTo(new Ending.Done());
        assertThat(result.completed()).isEqualTo(4);
        assertThat(result.units()).isEqualTo(4);
        assertThat(server.calls).noneMatch(call -> call.contains("chat/completions"));
        assertThat(server.worked.values()).containsOnly(1).hasSize(4);
    }

    /** What was bought as a batch costs what a batch costs, also where streaming collects it. */
    @Test
    void streamingPaysTheBatchesPriceForWhatItCollects() throws IOException {
        killedAt(3, true, "a", 4);
        server.looks = 1;
        HarvestConfig plain = config("a-next", null, null, Asking.of(1));
        Tariff half = new Tariff(
                TARIFF.model(), null, TARIFF.since(), "test", "USD", TARIFF.prices(), new BigDecimal("0.5"), List.of());
        HarvestResult result = harvested(
                new HarvestConfig(
                        plain.endpoint(),
                        plain.sampling(),
                        plain.asking(),
                        plain.limits(),
                        new Spending(half, null),
                        plain.output()),
                4);
        assertThat(result.spent().amount()).isEqualByComparingTo("1.04"); // 4 x 0.52 / 2
    }

    /** The process is killed when a line that cost something and brought nothing was taken, and its unit not yet given up for good. */
    @Test
    void aFailureThatWasPaidForIsNotPaidForAgain() throws IOException {
        server.answers = number -> number == 1
                ? "200 {\"model\":\"m-1\",\"choices\":[{\"index\":0,\"finish_reason\":\"content_filter\",\"message\":{}}],"
                        + "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":50}}"
                : "";
        Path next = folder.resolve("next");
        HarvestConfig config = config("a", SMALL, null, Asking.of(1));
        Files.createDirectories(config.output().folder());
        HarvestResult whole = new Harvester(config, ApiKey.NONE).run(prompts(5), new HarvestListener() {
            @Override
            public void progress(HarvestProgress progress) {}

            @Override
            public void failed(LedgerAccount.Failed unit, Prompt prompt) {
                try {
                    Files.createDirectories(next);
                    Files.copy(folder.resolve("a/ledger.journal"), next.resolve("ledger.journal"));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThat(whole.spent().amount()).isEqualByComparingTo("2.60");
        HarvestResult again = harvest("next", SMALL, 5);
        assertThat(again.spent().amount()).isEqualByComparingTo("2.60");
        assertThat(again.completed()).isEqualTo(4);
        assertThat(again.failed()).isEqualTo(whole.failed());
        assertThat(server.worked.values()).containsOnly(1).hasSize(5);
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

    /**
     * A run that gets no further than this call, before or after the server has done what it asks: what the ledger held at that
     * moment is all that the next run knows. It lies in the folder {@code RUN-next} then.
     */
    private void killedAt(int call, boolean before, String run, int prompts) throws IOException {
        killedAt(call, before, config(run, SMALL, null, Asking.of(1)), prompts);
    }

    private void killedAt(int call, boolean before, HarvestConfig config, int prompts) throws IOException {
        String run = config.output().folder().getFileName().toString();
        Path next = folder.resolve(run + "-next");
        Harvester[] harvester = new Harvester[1];
        int[] first = {0};
        server.watch = (caller, number, isBefore) -> {
            if (!caller.equals(run)) {
                return true;
            }
            first[0] = first[0] == 0 ? number : first[0];
            int own = number - first[0] + 1;
            if (own < call || (own == call && before != isBefore && isBefore)) {
                return true;
            }
            if (!Files.exists(next)) {
                try {
                    Files.createDirectories(next);
                    Files.copy(folder.resolve(run).resolve("ledger.journal"), next.resolve("ledger.journal"));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                Thread.ofVirtual().start(() -> harvester[0].stop());
            }
            return false;
        };
        Files.createDirectories(config.output().folder());
        harvester[0] = new Harvester(config, ApiKey.NONE);
        harvester[0].run(prompts(prompts), HarvestListener.NONE);
    }

    /** Seven requests in two batches: uploads, creations, looks, files that come down; each call is cut before and after its effect. */
    @Test
    void nothingIsBoughtTwiceWhereverTheProcessIsKilled() throws IOException {
        server.answers = number -> number == 6 ? "400 {\"error\":{\"message\":\"too long\"}}" : "";
        for (int call = 1; call <= 12; call++) {
            for (boolean before : new boolean[] {true, false}) {
                server.worked.clear();
                String run = "run" + call + before;
                killedAt(call, before, run, 7);
                boolean killed = Files.exists(folder.resolve(run + "-next"));
                String last = killed ? run + "-next" : run;
                assertThat(killed || call > 9).as(run).isTrue();
                HarvestResult result = killed ? harvest(last, SMALL, 7) : null;
                if (result != null) {
                    assertThat(result.ending()).as(run).isEqualTo(new Ending.Done());
                }
                assertThat(traces(last)).as(run).hasSize(6);
                assertThat(server.worked.values()).as(run).containsOnly(1).hasSize(7);
            }
        }
    }

    /** Killed between two lines of a file that came down. */
    @Test
    void linesThatWereTakenAreNotTakenAgain() throws IOException {
        Path next = folder.resolve("next");
        HarvestConfig config = config("a", SMALL, null, Asking.of(1));
        Files.createDirectories(config.output().folder());
        new Harvester(config, ApiKey.NONE).run(prompts(5), new HarvestListener() {
            private int completed;

            @Override
            public void progress(HarvestProgress progress) {}

            @Override
            public void completed(Prompt prompt) {
                completed++;
                if (completed == 3) {
                    try {
                        Files.createDirectories(next);
                        Files.copy(folder.resolve("a/ledger.journal"), next.resolve("ledger.journal"));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        HarvestResult result = harvest("next", SMALL, 5);
        assertThat(result.completed()).isEqualTo(5);
        assertThat(result.spent().amount()).isEqualByComparingTo("2.60"); // five times 0.52: each is paid for once
        assertThat(server.worked.values()).containsOnly(1).hasSize(5);
    }
}

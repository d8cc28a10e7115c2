package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.dialect.OpenAiCompatible;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.pay.Prices;
import dev.distill.teacher.pay.Tariff;
import dev.distill.teacher.wire.Endpoint;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole harvests over real HTTP, against a server that misbehaves as told and keeps its own count. */
@Timeout(120)
class HarvestIT {
    private static final String CANARY = "sk-canary-0123456789abcdefghij";
    /** One unit of money for each thousand prompt tokens, ten for each thousand of the reply: a reply here costs 0.52. */
    private static final Tariff TARIFF = new Tariff(
            "m",
            LocalDate.EPOCH,
            "test",
            "USD",
            new Prices(new BigDecimal("1000"), new BigDecimal("1000"), new BigDecimal("10000")),
            List.of());

    private static final Limits QUICK = Limits.DEFAULT
            .withInFlight(16)
            .withPatience(Patience.DEFAULT.withIdle(Duration.ofMillis(1500)))
            .withGrace(Duration.ofMillis(200))
            .withPersistence(new Limits.Persistence(
                    6,
                    new Backoff(Duration.ofMillis(10), Duration.ofMillis(50), 0.5, 1.5, Duration.ofMinutes(2)),
                    40,
                    Duration.ofSeconds(5),
                    1));

    @TempDir
    Path folder;

    private HarvestConfig config(URI url, int samples, @Nullable Money cap, Limits limits) {
        return new HarvestConfig(
                new Endpoint(url, "m", new OpenAiCompatible("max_tokens")),
                new Sampling(0.6, 0.95, 100, OptionalLong.of(7), new TreeMap<>()),
                samples,
                limits,
                new Spending(TARIFF, cap),
                new HarvestOutput(
                        folder,
                        Manifest.begin("harvest", "distill test"),
                        new DatasetCard("Test", "other", ""),
                        ShardSize.DEFAULT));
    }

    private static List<Prompt> prompts(int n) {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            prompts.add(Prompt.of(List.of(Message.user("what is " + i + " + " + i + "?")), "" + 2 * i, "test"));
        }
        return prompts;
    }

    private List<Trace> traces() throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(folder)) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    private HarvestResult harvest(ScriptedServer server, int prompts, int samples) throws IOException {
        return harvest(config(server.url(), samples, null, QUICK), prompts);
    }

    private static HarvestResult harvest(HarvestConfig config, int prompts) throws IOException {
        return new Harvester(config, ApiKey.of(CANARY)).run(prompts(prompts), HarvestListener.NONE);
    }

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
            assertThat(seen.getLast().spent()).isEqualTo(result.spent());
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

    /** The number of the prompt. */
    private static int number(String body) {
        int at = body.indexOf("what is ") + 8;
        return Integer.parseInt(body.substring(at, body.indexOf(' ', at)));
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
            // one for each that is not asked again, six for the one that is
            assertThat(first.requests()).isEqualTo(3 + 1 + 1 + 6);
            HarvestResult second = harvest(server, 6, 1);
            assertThat(second.requests()).isEqualTo(6);
            assertThat(second.failed()).isEqualTo(first.failed());
            assertThat(traces()).hasSize(3);
        }
    }

    @Test
    void aWrongKeyStopsTheRunAtOnceAndIsShownNowhere() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) ->
                answer.status(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + CANARY + "\"}}"))) {
            HarvestResult result = harvest(server, 1000, 1);
            assertThat(result.ending())
                    .isInstanceOfSatisfying(
                            Ending.Stopped.class,
                            stopped -> assertThat(stopped.message())
                                    .contains("unauthorized (status 401: Incorrect API key provided: ***")
                                    .contains("run the same command again")
                                    .doesNotContain("canary"));
            assertThat(result.requests()).isLessThanOrEqualTo(16);
            assertThat(result.shards()).isEmpty();
        }
        assertNoCanary();
    }

    /** A server that echoes the key in replies, errors and the model's name. */
    @Test
    void theKeyIsInNoFileAndNoLog() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            if (attempt == 1) {
                answer.status(500, "{\"error\":{\"message\":\"key " + CANARY + " failed\"}}");
            } else if (number(body) == 0) {
                answer.stream();
                answer.data("{\"choices\":[{\"delta\":{\"content\":\"" + CANARY + "\"}}]}");
                answer.cut();
            } else {
                answer.stream();
                answer.data("{\"model\":\"" + CANARY + "\",\"choices\":[{\"delta\":{\"content\":\"you are " + CANARY
                        + "\"},\"finish_reason\":\"stop\"}]}");
                answer.end();
            }
        })) {
            HarvestResult result = harvest(server, 4, 1);
            assertThat(result.completed()).isEqualTo(3);
            assertThat(result.failed()).containsEntry("cut_connection_lost", 1);
        }
        assertThat(traces()).allSatisfy(trace -> assertThat(trace.answer()).isEqualTo("you are ***"));
        assertNoCanary();
    }

    private void assertNoCanary() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> written = Files.walk(folder)) {
            written.filter(Files::isRegularFile).forEach(files::add);
        }
        Path log = Path.of("target/test-logs/all.log");
        assertThat(log).isNotEmptyFile();
        files.add(log);
        for (Path file : files) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(content.contains("canary")).as(file.toString()).isFalse();
        }
    }

    @Test
    void theBudgetIsNeverExceededAndTheRunGoesOnWithAHigherOne() throws IOException {
        try (ScriptedServer server =
                new ScriptedServer((body, attempt, answer) -> answer.reply("thoughts", "answer", "stop"))) {
            Money cap = new Money(new BigDecimal("10"), "USD");
            HarvestResult stopped = harvest(config(server.url(), 1, cap, QUICK), 100);
            assertThat(stopped.ending()).isEqualTo(new Ending.BudgetReached(cap, stopped.spent()));
            assertThat(stopped.spent().amount()).isLessThanOrEqualTo(cap.amount());
            // a reply costs 0.52, and at worst less than 1.3: what is left is less than that
            assertThat(stopped.spent().amount()).isGreaterThan(new BigDecimal("8.7"));
            assertThat(traces()).hasSize(stopped.completed());
            HarvestResult done = harvest(config(server.url(), 1, new Money(new BigDecimal("60"), "USD"), QUICK), 100);
            assertThat(done.ending()).isEqualTo(new Ending.Done());
            assertThat(done.completed()).isEqualTo(100);
            assertThat(server.requests()).isEqualTo(100);
            assertThat(traces()).hasSize(100);
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

    /** A process killed in the middle, and its folder opened by another; the server's count is the witness. */
    @Test
    void afterAKillNoCompletedUnitIsBoughtTwice() throws Exception {
        AtomicInteger slow = new AtomicInteger(5);
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            try {
                Thread.sleep(slow.get());
            } catch (InterruptedException e) {
                return;
            }
            answer.reply("thoughts", "answer", "stop");
        })) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            HarvestIT.class.getName(),
                            server.url().toString(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (server.completed().size() < 150) {
                assertThat(child.isAlive()).isTrue();
                Thread.sleep(2);
            }
            child.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            List<String> kept = new ArrayList<>();
            try (Ledger ledger = Ledger.open(folder.resolve("ledger.journal"), "USD")) {
                for (Unit unit : Unit.all(prompts(400), config(server.url(), 1, null, QUICK))) {
                    if (ledger.standing(unit.id()).isCompleted()) {
                        kept.add(unit.prompt().question());
                    }
                }
            }
            assertThat(kept).hasSizeBetween(150 - 2 * 16, 399);
            slow.set(0);
            HarvestResult result = harvest(server, 400, 1);
            assertThat(result.completed()).isEqualTo(400);
            assertThat(result.requests()).isEqualTo(400 - kept.size());
            for (String question : kept) {
                assertThat(server.asked().entrySet().stream()
                                .filter(asked -> asked.getKey().contains("\"" + question + "\""))
                                .mapToInt(asked -> asked.getValue().get())
                                .sum())
                        .as(question)
                        .isEqualTo(1);
            }
            assertThat(traces()).hasSize(400);
        }
    }

    /** The harvest that is killed: 400 prompts to the server of the first argument, into the folder of the second. */
    public static void main(String[] arguments) throws IOException {
        HarvestIT it = new HarvestIT();
        it.folder = Path.of(arguments[1]);
        harvest(it.config(URI.create(arguments[0]), 1, null, QUICK), 400);
    }

    @Test
    void anInterruptKeepsWhatIsCompleteAndCutsOffTheRest() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            if (number(body) < 10) {
                answer.reply("thoughts", "answer", "stop");
            } else {
                answer.stream();
                answer.data("{\"choices\":[{\"delta\":{\"content\":\"half\"}}]}");
                answer.stall();
            }
        })) {
            Limits patient = QUICK.withPatience(Patience.DEFAULT);
            Harvester harvester = new Harvester(config(server.url(), 1, null, patient), ApiKey.NONE);
            CompletableFuture<HarvestResult> result = CompletableFuture.supplyAsync(() -> {
                try {
                    return harvester.run(prompts(40), HarvestListener.NONE);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            while (server.completed().size() < 10 || server.requests() < 26) {
                Thread.sleep(5);
            }
            harvester.stop();
            assertThat(result.get(20, TimeUnit.SECONDS).ending()).isEqualTo(new Ending.Interrupted());
            assertThat(result.get().completed()).isEqualTo(10);
            assertThat(server.requests()).isEqualTo(26);
        }
    }
}

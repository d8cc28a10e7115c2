package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Money;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Harvests that end early, for money, a kill or an interrupt, and go on: nothing complete is bought twice. */
@Timeout(120)
class HarvestResumeIT extends HarvestScene {
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
                            HarvestResumeIT.class.getName(),
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
        HarvestResumeIT it = new HarvestResumeIT();
        it.folder = Path.of(arguments[1]);
        harvest(it.config(URI.create(arguments[0]), 1, null, QUICK), 400);
    }

    /** The server was started with a context that is too short, and is then restarted with a longer one. */
    @Test
    void afterTheServerIsPutRightTheSameHarvestAsksAgainForWhatItRejected() throws IOException {
        AtomicInteger context = new AtomicInteger(512);
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            if (context.get() < 4096) {
                answer.status(400, "{\"error\":{\"message\":\"exceeds the available context size\"}}");
            } else {
                answer.reply("thoughts", "answer", "stop");
            }
        })) {
            // the 24 x 2 failures stay below the 50 in a row that would stop the run
            Limits.Persistence quick = QUICK.persistence();
            HarvestConfig config = config(
                    server.url(),
                    2,
                    null,
                    QUICK.withPersistence(new Limits.Persistence(1, quick.backoff(), 50, quick.quiet(), 1)));
            HarvestResult rejected = harvest(config, 24);
            assertThat(rejected.ending()).isEqualTo(new Ending.Done());
            assertThat(rejected.failed()).containsOnly(Map.entry("bad_request", 48));
            context.set(4096);
            HarvestResult done = harvest(config, 24);
            assertThat(done.requests()).isEqualTo(48);
            assertThat(done.completed()).isEqualTo(48);
            assertThat(done.failed()).isEmpty();
            assertThat(traces()).hasSize(48);
        }
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
            // on a thread of its own: the common pool has one thread on two cores, and HttpClient completes replies on
            // it
            FutureTask<HarvestResult> result = new FutureTask<>(() -> harvester.run(prompts(40), HarvestListener.NONE));
            Thread.ofPlatform().start(result);
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

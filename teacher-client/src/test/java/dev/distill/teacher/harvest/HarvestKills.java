package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.journal.Journal;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ScriptedServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A harvest that is killed with SIGKILL at random moments, over and over, each time from what the kill before left. */
final class HarvestKills {
    /** How long the server thinks, in milliseconds. */
    private static final int THINKS = 20;
    /** What a whole reply costs. */
    private static final BigDecimal REPLY = new BigDecimal("0.52");

    /** In flight, and as many whose replies have come and are not on the disk yet. */
    private static final int ON_THEIR_WAY = 2 * HarvestScene.QUICK.inFlight();

    private final HarvestScene scene;
    private final int units;
    /** Kills so far. */
    private int done;

    /** Completed by the ledger's word after some kill, with how often the server had been asked for it by then. */
    private final Map<String, Integer> safe = new HashMap<>();

    HarvestKills(HarvestScene scene, int units) {
        this.scene = scene;
        this.units = units;
    }

    /** Kills until so many processes have died at work, then lets one come to its end, and compares server, ledger and shards. */
    void campaign(int kills, long seed) throws Exception {
        System.err.println("kill campaign of " + kills + ": distill.seed=" + seed);
        Random random = new Random(seed);
        try (ScriptedServer server = new ScriptedServer(HarvestKills::answer)) {
            while (done < kills) {
                Process child = start(server.url());
                awaitFirst(child, server);
                // the harvest is to last for all kills: each takes its share of the units
                int more = Math.max(1, 2 * (units - safe.size()) / (kills - done + 1));
                int until = server.requests() + random.nextInt(more + 1);
                while (child.isAlive() && server.requests() < until) {
                    LockSupport.parkNanos(200_000);
                }
                LockSupport.parkNanos(random.nextInt(1_000_000 * THINKS));
                child.destroyForcibly().waitFor();
                done++;
                remember(server);
            }
            Process last = start(server.url());
            assertThat(last.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(last.exitValue()).isZero();
            compare(server, kills);
        }
    }

    private static void answer(String body, int attempt, ScriptedServer.Answer answer) throws IOException {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(THINKS));
        if (attempt == 1 && HarvestScene.number(body) % 10 == 3) { // cut in the middle: half a stream is no reply
            answer.stream();
            answer.data("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}");
            answer.cut();
        } else {
            answer.reply("thoughts", "answer " + HarvestScene.number(body), "stop");
        }
    }

    /** Until the process asks for something, or has ended because nothing was left to ask for. */
    private static void awaitFirst(Process child, ScriptedServer server) {
        int before = server.requests();
        while (child.isAlive() && server.requests() == before) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Process start(URI url) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HarvestKills.class.getName(),
                        url.toString(),
                        scene.folder.toString(),
                        Integer.toString(units))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The harvest that is killed: the server's address, the folder, the number of prompts. */
    public static void main(String[] arguments) throws IOException {
        HarvestScene scene = new HarvestScene() {};
        scene.folder = Path.of(arguments[1]);
        HarvestConfig config = scene.config(URI.create(arguments[0]), 1, null, HarvestScene.QUICK);
        HarvestScene.harvest(config, Integer.parseInt(arguments[2]));
    }

    /** What the ledger has acknowledged must not be asked for again from here on; and what the server may charge, the next budget counts. */
    private void remember(ScriptedServer server) throws IOException {
        Path file = scene.folder.resolve("ledger.journal");
        if (!Files.exists(file)) {
            return;
        }
        Map<String, Integer> completed = byQuestion(server.completed());
        Map<String, Integer> asked = byQuestion(server.asked());
        Map<String, Integer> inLedger = askedInLedger(file);
        BigDecimal charged = BigDecimal.ZERO;
        try (Ledger ledger = Ledger.open(file, "USD")) {
            HarvestConfig config = scene.config(server.url(), 1, null, HarvestScene.QUICK);
            for (Unit unit : all(server.url())) {
                String question = unit.prompt().question();
                int times = asked.getOrDefault(question, 0);
                assertThat(inLedger.getOrDefault(unit.id(), 0))
                        .as("in the ledger before it was sent: " + question)
                        .isGreaterThanOrEqualTo(times);
                int replies = completed.getOrDefault(question, 0);
                charged = charged.add(REPLY.multiply(BigDecimal.valueOf(replies)))
                        .add(config.costAtMost(unit.request()).amount().multiply(BigDecimal.valueOf(times - replies)));
                if (ledger.standing(unit.id()).isCompleted()) {
                    safe.putIfAbsent(question, times);
                }
            }
            assertThat(ledger.atMost().amount()).as("charged at most").isGreaterThanOrEqualTo(charged);
            assertThat(ledger.unanswered().requests()).isLessThanOrEqualTo(done * ON_THEIR_WAY);
        }
    }

    private static Map<String, Integer> askedInLedger(Path file) throws IOException {
        Map<String, Integer> asked = new HashMap<>();
        Journal.read(file, record -> {
            if (LedgerCodec.decode(record) instanceof LedgerEntry.Asked request) {
                asked.merge(request.unit(), 1, Integer::sum);
            }
        });
        return asked;
    }

    private List<Unit> all(URI url) {
        return Unit.all(HarvestScene.prompts(units), scene.config(url, 1, null, HarvestScene.QUICK));
    }

    private static Map<String, Integer> byQuestion(Map<String, AtomicInteger> byBody) {
        Map<String, Integer> counts = new HashMap<>();
        byBody.forEach((body, times) -> counts.merge(question(body), times.get(), Integer::sum));
        return counts;
    }

    private static String question(String body) {
        int number = HarvestScene.number(body);
        return "what is " + number + " + " + number + "?";
    }

    private void compare(ScriptedServer server, int kills) throws IOException {
        Map<String, Integer> asked = byQuestion(server.asked());
        safe.forEach((question, times) -> assertThat(asked).as("bought once").containsEntry(question, times));
        Set<String> ids = new HashSet<>();
        for (Trace trace : scene.traces()) {
            assertThat(ids.add(trace.id()))
                    .as("twice in the shards: " + trace.id())
                    .isTrue();
            assertThat(trace.answer()).startsWith("answer ");
        }
        assertThat(ids).hasSize(units);
        int served = server.completed().values().stream()
                .mapToInt(AtomicInteger::get)
                .sum();
        int again = served - units;
        System.err.printf(
                "%d kills, %d units, %d known as complete at some kill, %d served again that were on their way at one%n",
                kills, units, safe.size(), again);
        assertThat(again).isBetween(0, kills * ON_THEIR_WAY);
        @Nullable
        String lost = all(server.url()).stream()
                .map(unit -> unit.prompt().question())
                .filter(question -> !asked.containsKey(question))
                .findAny()
                .orElse(null);
        assertThat(lost).isNull();
    }
}

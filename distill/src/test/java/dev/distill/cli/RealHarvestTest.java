package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.ChildJvm;
import dev.distill.data.shard.TraceReader;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A harvest of 200 units from a real server with a real model (llama-cpp-python, SmolLM2-135M). In between the client is killed and started again,
 * and so is the server, whose log says how often it was asked.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} and {@code -Ddistill.conformance=FOLDER}; {@link Peers} says what lies there. Five minutes on two cores.
 */
@Tag("slow")
class RealHarvestTest {
    private static final int PROMPTS = 100;
    private static final int SAMPLES = 2;
    private static final int UNITS = PROMPTS * SAMPLES;
    private static final int CLIENT_KILLED_AT = 60;
    private static final int SERVER_ENDED_AT = 130;
    private static final int IN_FLIGHT = 2;
    private static final String KEY = "a-word-that-only-this-test-knows";
    private static final String REPLIED = "POST /v1/chat/completions HTTP/1.1\" 200";

    @TempDir
    Path folder;

    private Peers peers;
    private Path model;
    private Path prompts;
    private Path run;
    private int port;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        peers = Peers.orSkip();
        model = peers.folder().resolve("models/gguf/SmolLM2-135M-Instruct.Q4_1.gguf");
        assumeTrue(Files.exists(model), "skipped, for want of " + model);
        prompts = Files.write(
                folder.resolve("prompts.jsonl"),
                Files.readAllLines(peers.questions()).subList(0, PROMPTS));
        run = folder.resolve("run");
        port = LlamaServer.freePort();
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void aRestartOfEitherSideLosesNothing() throws Exception {
        int atKill;
        try (LlamaServer first = server("server-1")) {
            try (ChildProcess client = harvest("client-1")) {
                atKill = awaitCompleted(client, CLIENT_KILLED_AT);
                client.process().destroyForcibly().waitFor();
            }
            assertThat(completed()).isBetween(atKill, atKill + IN_FLIGHT);
            ChildProcess client = harvest("client-2");
            awaitCompleted(client, SERVER_ENDED_AT);
            first.close();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            try (client;
                    LlamaServer second = server("server-2")) {
                assertThat(client.process().waitFor())
                        .as(Files.readString(folder.resolve("client-2.log")))
                        .isZero();
            }
        }
        List<String> ids = ids();
        long replied = replied("server-1") + replied("server-2");
        System.err.printf("%d units, %d replies begun by the servers%n", ids.size(), replied);
        assertThat(ids).hasSize(UNITS).doesNotHaveDuplicates();
        // bought again is only what was on its way when either side ended
        assertThat(replied).isBetween((long) UNITS, (long) UNITS + 2 * IN_FLIGHT);
    }

    private LlamaServer server(String name) throws IOException, InterruptedException {
        List<String> options = List.of("--interrupt_requests", "false", "--n_ctx", "1024");
        return LlamaServer.start(peers.python(), model, port, KEY, log(name), options);
    }

    private ChildProcess harvest(String name) throws IOException {
        List<String> words = new ArrayList<>(List.of("harvest", "--dir", run.toString()));
        Stream.of(
                        "name=real",
                        "teacher.url=http://127.0.0.1:" + port + "/v1",
                        "teacher.model=" + LlamaServer.MODEL,
                        "teacher.key-env=TEACHER_API_KEY",
                        "teacher.max-tokens=48",
                        "teacher.tariff=free",
                        "prompts.files=" + prompts,
                        "harvest.samples=" + SAMPLES,
                        "harvest.in-flight=" + IN_FLIGHT)
                .forEach(value -> words.addAll(List.of("--set", value)));
        ProcessBuilder distill = new ProcessBuilder(ChildJvm.command(words.stream()));
        distill.environment().put("TEACHER_API_KEY", KEY);
        return ChildProcess.start(
                distill.redirectErrorStream(true).redirectOutput(log(name).toFile()));
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    /** Until the ledger has so many replies; how many it then has. */
    private int awaitCompleted(ChildProcess client, int units) throws IOException {
        int completed = completed();
        while (completed < units) {
            assertThat(client.process().isAlive()).as("client at work").isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            completed = completed();
        }
        return completed;
    }

    private int completed() throws IOException {
        Path ledger = run.resolve("harvest/ledger.journal");
        return Files.exists(ledger) ? LedgerAccount.read(ledger).completed() : 0;
    }

    private List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(run.resolve("harvest"))) {
            reader.forEachRemaining(trace -> ids.add(trace.id()));
        }
        return ids;
    }

    private long replied(String server) throws IOException {
        try (Stream<String> lines = Files.lines(log(server))) {
            return lines.filter(line -> line.contains(REPLIED)).count();
        }
    }
}

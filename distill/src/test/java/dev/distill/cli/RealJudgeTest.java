package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.ChildJvm;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.shard.VerdictReader;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real model (llama-cpp-python, Qwen2.5-0.5B-Instruct) judges a right and a wrong answer to each of fifty questions of GSM8K; the client is killed
 * once in between. What so small a model finds is told, not asserted: docs/log.md has it.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} and {@code -Ddistill.conformance=FOLDER}; {@link Peers} says what lies there. Ten minutes on two cores.
 */
@Tag("slow")
class RealJudgeTest {
    private static final int QUESTIONS = 50;
    private static final int TRACES = 2 * QUESTIONS;
    private static final int KILLED_AT = 20;
    private static final String KEY = "a-word-that-only-this-test-knows";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Peers peers;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        peers = Peers.orSkip();
        List<String> lines = Files.readAllLines(peers.questions()).subList(0, QUESTIONS);
        try (TraceWriter writer = TraceWriter.replace(folder.resolve("run/harvest"))) {
            for (int i = 0; i < QUESTIONS; i++) {
                JsonNode line = JSON.readTree(lines.get(i));
                String reference = line.path("answer")
                        .asText()
                        .replaceFirst("(?s).*#### ", "")
                        .replace(",", "");
                String wrong = Long.toString(Long.parseLong(reference) + 1 + i % 9);
                writer.write(trace("right-" + i, line.path("question").asText(), reference, reference));
                writer.write(trace("wrong-" + i, line.path("question").asText(), wrong, reference));
            }
            writer.finish(Manifest.begin("harvest", "test"), new DatasetCard("traces", "other", "For a test."));
        }
    }

    private static Trace trace(String id, String question, String answer, String reference) {
        return new Trace(
                id,
                id,
                0,
                List.of(Message.user(question)),
                "One computes.",
                "After all steps this comes to \\boxed{" + answer + "}.",
                "",
                FinishReason.STOP,
                reference,
                "gsm8k",
                "test",
                new TreeMap<>(),
                Usage.NONE,
                Money.zero("USD"),
                1,
                Instant.EPOCH,
                List.of());
    }

    private ChildProcess verify(LlamaServer server, String name) throws IOException {
        List<String> words = new ArrayList<>(List.of("verify", "--json", "--dir", run().toString()));
        Stream.of(
                        "name=real",
                        "verify.judge.url=" + server.url(),
                        "verify.judge.model=" + LlamaServer.MODEL,
                        "verify.judge.key-env=JUDGE_API_KEY",
                        "verify.judge.traces=all",
                        "verify.judge.max-tokens=160",
                        "verify.judge.tariff=free",
                        "verify.judge.in-flight=1")
                .forEach(value -> words.addAll(List.of("--set", value)));
        ProcessBuilder distill = new ProcessBuilder(ChildJvm.command(words.stream()));
        distill.environment().put("JUDGE_API_KEY", KEY);
        return ChildProcess.start(distill.redirectOutput(log(name + ".out").toFile())
                .redirectError(log(name + ".err").toFile()));
    }

    private Path run() {
        return folder.resolve("run");
    }

    private Path log(String name) {
        return folder.resolve(name);
    }

    private int completed() throws IOException {
        Path ledger = run().resolve("judge/ledger.journal");
        return Files.exists(ledger) ? LedgerAccount.read(ledger).completed() : 0;
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void aRealModelJudgesAndIsCompared() throws Exception {
        JsonNode judge;
        try (LlamaServer server = LlamaServer.start(
                peers.python(), peers.teacher(), KEY, log("server.log"), List.of("--interrupt_requests", "false"))) {
            try (ChildProcess first = verify(server, "first")) {
                while (completed() < KILLED_AT) {
                    assertThat(first.process().isAlive())
                            .as(Files.readString(log("first.err")))
                            .isTrue();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
                first.process().destroyForcibly().waitFor();
            }
            try (ChildProcess second = verify(server, "second")) {
                assertThat(second.process().waitFor())
                        .as(Files.readString(log("second.err")))
                        .isZero();
            }
            judge = JSON.readTree(log("second.out").toFile()).path("judge");
        }
        System.err.println(Files.readString(log("second.err")) + judge.toPrettyString());
        show();
        assertThat(judge.path("asked").asInt()).isEqualTo(TRACES);
        assertThat(judge.path("right").asInt()
                        + judge.path("wrong").asInt()
                        + judge.path("undecided").asInt())
                .isEqualTo(TRACES);
        assertThat(judge.at("/agreement/of").asInt())
                .isEqualTo(judge.path("right").asInt() + judge.path("wrong").asInt()); // rules decide all of these
        assertThat(completed()).isBetween(TRACES, 2 * TRACES);
        long replied;
        try (Stream<String> lines = Files.lines(log("server.log"))) {
            replied = lines.filter(line -> line.contains("POST /v1/chat/completions HTTP/1.1\" 200"))
                    .count();
        }
        assertThat(replied).isBetween((long) completed(), completed() + 1L); // the one that was on its way at the kill
    }

    /** What it said, for a person. */
    private void show() throws IOException {
        TreeMap<String, Integer> counts = new TreeMap<>();
        try (VerdictReader reader =
                VerdictFolder.of(run().resolve("judge/verdicts")).open()) {
            for (TraceVerdict row = reader.next(); row != null; row = reader.next()) {
                String kind = row.traceId().split("-")[0] + " answer judged "
                        + row.verdict().reason().split(":")[0];
                if (counts.merge(kind, 1, Integer::sum) <= 3) {
                    System.err.println(row.traceId() + "  " + row.verdict().reason());
                }
            }
        }
        System.err.println(counts);
    }
}

package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.ChildJvm;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.harvest.LedgerAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code distill verify} with a judge, killed in the middle and started again with the same words: no judgement is bought twice. */
@Timeout(300)
class JudgeKilledIT {
    private static final int TRACES = 40;
    private static final int IN_FLIGHT = 4;
    private static final int KILLED_AT = 12;
    private static final String RIGHT = "{\"answer\": \"7\", \"reason\": \"both are seven\", \"verdict\": \"right\"}";

    @TempDir
    Path folder;

    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    private String answer(String text) {
        asked.computeIfAbsent(text, _ -> new AtomicInteger()).incrementAndGet();
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        return RIGHT;
    }

    private Process verify(ChatServer server, String log, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("verify", "--dir", folder.toString(), "--json"));
        Stream.of(
                        "name=j",
                        "verify.judge.url=" + server.url(),
                        "verify.judge.model=m",
                        "verify.judge.tariff=free",
                        "verify.judge.in-flight=" + IN_FLIGHT)
                .forEach(value -> words.addAll(List.of("--set", value)));
        words.addAll(List.of(more));
        return new ProcessBuilder(ChildJvm.command(words.stream()))
                .redirectOutput(folder.resolve(log + ".out").toFile())
                .redirectError(folder.resolve(log + ".err").toFile())
                .start();
    }

    private JsonNode done(Process process, String log) throws IOException, InterruptedException {
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve(log + ".err")))
                .isZero();
        return new ObjectMapper().readTree(folder.resolve(log + ".out").toFile());
    }

    private int completed() throws IOException {
        return LedgerAccount.read(folder.resolve("judge/ledger.journal")).completed();
    }

    @Test
    void aKillLosesNothingButWhatWasOnItsWay() throws Exception {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < TRACES; i++) {
            traces.add(CuratedFolder.trace(
                    i,
                    "What is 3 + 4, number " + i + "?",
                    "One adds.",
                    "The answer is: seven of them, as one sees",
                    "7"));
        }
        CuratedFolder.write(folder.resolve("harvest"), traces);
        try (ChatServer server = new ChatServer(this::answer)) {
            JsonNode foretold = done(verify(server, "look", "--dry-run"), "look");
            assertThat(foretold.path("units").asInt()).isEqualTo(2 * TRACES); // each may be asked for twice
            assertThat(foretold.path("requests")).hasSize(3);
            assertThat(foretold.at("/requests/0/messages/0/content").asText()).contains("> What is 3 + 4, number 0?");
            assertThat(server.requests).hasValue(0);

            Process first = verify(server, "first");
            try {
                while (asked.size() < KILLED_AT) {
                    assertThat(first.isAlive()).isTrue();
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                }
            } finally {
                first.destroyForcibly().waitFor();
            }
            int kept = completed();
            assertThat(kept).isBetween(1, TRACES - 1);

            JsonNode judge = done(verify(server, "second"), "second").path("judge");
            assertThat(judge.path("asked").asInt()).isEqualTo(TRACES);
            assertThat(judge.path("right").asInt()).isEqualTo(TRACES);
            assertThat(completed()).isEqualTo(TRACES);
            assertThat(asked.values()).extracting(AtomicInteger::get).allMatch(times -> times == 1 || times == 2);
            assertThat(server.requests.get()).isBetween(TRACES, TRACES + IN_FLIGHT);
        }
    }
}

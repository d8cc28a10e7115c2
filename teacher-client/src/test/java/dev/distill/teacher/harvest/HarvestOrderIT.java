package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.journal.Storage;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.pay.Tariff;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The order of the replies, the size of the memory and a second run change nothing in the shards. */
@Timeout(60)
class HarvestOrderIT {
    @TempDir
    Path folder;

    private HarvestConfig config(URI url, String name) {
        return new HarvestConfig(
                new Endpoint(url, "m", Dialect.named("openai")),
                new Sampling(0.6, 0.95, 100, OptionalLong.of(7), new TreeMap<>()),
                Asking.of(2),
                Limits.DEFAULT.withInFlight(60),
                new Spending(Tariff.free("m"), null),
                new HarvestOutput(
                        folder.resolve(name),
                        Manifest.begin("harvest", "distill test"),
                        new DatasetCard("Test", "other", ""),
                        ShardSize.DEFAULT));
    }

    /** Twenty-five questions, the first of them twice. */
    private static List<Prompt> prompts() {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            prompts.add(Prompt.of(List.of(Message.user("question " + (char) ('A' + i))), null, "test"));
        }
        prompts.add(prompts.getFirst());
        return prompts;
    }

    /** The traces of a folder in their order, without the one field that is a time. */
    private List<Trace> traces(String name) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(folder.resolve(name))) {
            reader.forEachRemaining(traces::add);
        }
        assertThat(traces).allMatch(trace -> trace.completedAt().isAfter(java.time.Instant.EPOCH));
        return traces.stream().map(HarvestOrderIT::atNoTime).toList();
    }

    private static Trace atNoTime(Trace t) {
        return new Trace(
                t.id(),
                t.promptId(),
                t.sample(),
                t.messages(),
                t.reasoning(),
                t.answer(),
                t.rawReply(),
                t.finish(),
                t.reference(),
                t.source(),
                t.teacher(),
                t.parameters(),
                t.usage(),
                t.cost(),
                t.attempts(),
                java.time.Instant.EPOCH,
                t.verdicts());
    }

    /** Answers late or early by the question's letter: {@code factor} milliseconds for each letter from {@code first}. */
    private static ScriptedServer server(char first, int factor) throws IOException {
        return new ScriptedServer((body, attempt, answer) -> {
            char letter = body.charAt(body.indexOf("question ") + 9);
            try {
                Thread.sleep(Math.abs(letter - first) * (long) factor);
            } catch (InterruptedException e) {
                return;
            }
            answer.reply(
                    "thoughts on " + letter,
                    "seed " + body.substring(body.indexOf("seed") + 6, body.indexOf("seed") + 7),
                    "stop");
        });
    }

    private HarvestResult harvest(ScriptedServer server, String name) throws IOException {
        return new Harvester(config(server.url(), name), ApiKey.NONE).run(prompts(), HarvestListener.NONE);
    }

    @Test
    void theOrderOfTheRepliesIsNotSeen() throws IOException {
        try (ScriptedServer rising = server('A', 5);
                ScriptedServer falling = server('Z', 5)) {
            assertThat(harvest(rising, "rising").units()).isEqualTo(50);
            harvest(falling, "falling");
        }
        List<Trace> traces = traces("rising");
        assertThat(traces).hasSize(50).isEqualTo(traces("falling"));
        assertThat(traces.get(0).answer()).isEqualTo("seed 7");
        assertThat(traces.get(1).answer()).isEqualTo("seed 8");
    }

    @Test
    void aLedgerThatIsOpenedAgainGivesTheSameShards() throws IOException {
        try (ScriptedServer server = server('A', 0)) {
            harvest(server, "whole");
            HarvestConfig again = config(server.url(), "again");
            try (Ledger ledger = Ledger.open(folder.resolve("whole").resolve("ledger.journal"), "USD")) {
                new ShardExport(again, ledger, Storage.local()).write(Unit.all(prompts(), again), new TreeMap<>());
            }
        }
        assertThat(traces("again")).isEqualTo(traces("whole"));
    }

    @Test
    void aRunThatFindsEverythingDoneAsksNothingAndLeavesTheFilesAlone() throws IOException {
        try (ScriptedServer server = server('A', 0)) {
            HarvestResult first = harvest(server, "same");
            byte[] manifest = Files.readAllBytes(folder.resolve("same").resolve("manifest.json"));
            HarvestResult second = harvest(server, "same");
            assertThat(second.requests()).isZero();
            assertThat(second.shards()).isEqualTo(first.shards()).hasSize(1);
            assertThat(second.completed()).isEqualTo(50);
            assertThat(Files.readAllBytes(folder.resolve("same").resolve("manifest.json")))
                    .isEqualTo(manifest);
        }
    }
}

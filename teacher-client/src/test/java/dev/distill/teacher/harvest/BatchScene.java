package dev.distill.teacher.harvest;

import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of harvests through a batch API over real HTTP share. */
abstract class BatchScene extends HarvestScene {
    static final BatchLimits SMALL = new BatchLimits(5, 1_000_000, 8, Duration.ofMillis(5), false);

    BatchServer server;

    @BeforeEach
    void start() throws IOException {
        server = new BatchServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    HarvestConfig config(String run, @Nullable BatchLimits batch, @Nullable Money cap, Asking asking) {
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

    HarvestResult harvest(String run, BatchLimits batch, int prompts) throws IOException {
        return harvested(config(run, batch, null, Asking.of(1)), prompts);
    }

    static HarvestResult harvested(HarvestConfig config, int prompts) throws IOException {
        Files.createDirectories(config.output().folder());
        return new Harvester(config, ApiKey.of(CANARY)).run(prompts(prompts), HarvestListener.NONE);
    }

    List<Trace> traces(String run) throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(folder.resolve(run))) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    /**
     * A run that gets no further than this call, before or after the server has done what it asks: what the ledger held at that
     * moment is all that the next run knows. It lies in the folder {@code RUN-next} then.
     */
    void killedAt(int call, boolean before, String run, int prompts) throws IOException {
        killedAt(call, before, config(run, SMALL, null, Asking.of(1)), prompts);
    }

    void killedAt(int call, boolean before, HarvestConfig config, int prompts) throws IOException {
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
}

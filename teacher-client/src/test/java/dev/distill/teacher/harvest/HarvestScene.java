package dev.distill.teacher.harvest;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.pace.Backoff;
import dev.distill.teacher.pay.Prices;
import dev.distill.teacher.pay.Tariff;
import dev.distill.teacher.wire.Endpoint;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of whole harvests share: prompts, settings with little patience, the folder, what it then holds. */
abstract class HarvestScene {
    static final String CANARY = "sk-" + "canary-0123456789abcdefghij";
    /** One unit of money for each thousand prompt tokens, ten for each thousand of the reply: a reply here costs 0.52. */
    static final Tariff TARIFF = new Tariff(
            "m",
            LocalDate.EPOCH,
            "test",
            "USD",
            new Prices(new BigDecimal("1000"), new BigDecimal("1000"), new BigDecimal("10000")),
            List.of());

    static final Limits QUICK = Limits.DEFAULT
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

    HarvestConfig config(URI url, int samples, @Nullable Money cap, Limits limits) {
        return new HarvestConfig(
                new Endpoint(url, "m", Dialect.named("openai")),
                new Sampling(0.6, 0.95, 100, OptionalLong.of(7), new TreeMap<>()),
                Asking.of(samples),
                limits,
                new Spending(TARIFF, cap),
                new HarvestOutput(
                        folder,
                        Manifest.begin("harvest", "distill test"),
                        new DatasetCard("Test", "other", ""),
                        ShardSize.DEFAULT));
    }

    /** The same, asked in another dialect. */
    static HarvestConfig in(String dialect, HarvestConfig config) {
        return new HarvestConfig(
                new Endpoint(config.endpoint().url(), "m", Dialect.named(dialect)),
                config.sampling(),
                config.asking(),
                config.limits(),
                config.spending(),
                config.output());
    }

    static List<Prompt> prompts(int n) {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            prompts.add(Prompt.of(List.of(Message.user("what is " + i + " + " + i + "?")), "" + 2 * i, "test"));
        }
        return prompts;
    }

    List<Trace> traces() throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(folder)) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    HarvestResult harvest(ScriptedServer server, int prompts, int samples) throws IOException {
        return harvest(config(server.url(), samples, null, QUICK), prompts);
    }

    static HarvestResult harvest(HarvestConfig config, int prompts) throws IOException {
        return new Harvester(config, ApiKey.of(CANARY)).run(prompts(prompts), HarvestListener.NONE);
    }

    /** The number of the prompt. */
    static int number(String body) {
        int at = body.indexOf("what is ") + 8;
        return Integer.parseInt(body.substring(at, body.indexOf(' ', at)));
    }
}

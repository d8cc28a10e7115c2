package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.trace.Money;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.pay.Tariff;
import dev.distill.teacher.wire.Endpoint;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HarvestConfigTest {
    @Test
    void tellsAllThatIsWrongAtOnceInTheWordsOfARecipe() {
        SortedMap<String, String> extra = new TreeMap<>(Map.of("top_k", "{20"));
        HarvestConfigException wrong = catchThrowableOfType(
                HarvestConfigException.class,
                () -> new HarvestConfig(
                        new Endpoint(URI.create("ftp://x"), " ", Dialect.named("openai")),
                        new Sampling(3, 0, 0, OptionalLong.empty(), extra),
                        Asking.of(0),
                        Limits.DEFAULT.withInFlight(0),
                        new Spending(Tariff.free("m"), new Money(BigDecimal.ONE, "CNY")),
                        new HarvestOutput(
                                Path.of("x"),
                                Manifest.begin("harvest", "t"),
                                new DatasetCard("t", "other", ""),
                                ShardSize.DEFAULT)));
        assertThat(wrong.problems())
                .containsExactly(
                        "teacher.url: must be http://host... or https://host...; got ftp://x",
                        "teacher.model: must name the model; got nothing",
                        "teacher.temperature: must be 0 to 2; got 3.0",
                        "teacher.top-p: must be above 0 and at most 1; got 0.0",
                        "teacher.max-tokens: must be 1 or more; got 0",
                        "teacher.extra.top_k: must be a value in JSON; got {20",
                        "harvest.samples: must be 1 or more; got 0",
                        "harvest.in-flight: must be 1 or more; got 0",
                        "harvest.budget: must be in the tariff's currency, USD; got 1 CNY");
    }

    /** Where a batch cannot be had, and what has no sense with one. */
    @Test
    void aBatchNeedsTheApiThatHasOne() {
        Limits batch = Limits.DEFAULT.withBatch(BatchLimits.DEFAULT);
        for (String dialect : new String[] {"azure-deployments", "azure-models"}) {
            HarvestConfigException wrong = catchThrowableOfType(
                    HarvestConfigException.class,
                    () -> config(Dialect.named(dialect), batch, new Spending(Tariff.free("m"), null)));
            assertThat(wrong.problems()).singleElement().asString().contains("harvest.transport", dialect);
        }
        HarvestConfigException wrong = catchThrowableOfType(
                HarvestConfigException.class,
                () -> config(Dialect.named("azure"), batch, new Spending(Tariff.free("m"), null, true)));
        assertThat(wrong.problems()).singleElement().asString().startsWith("harvest.cheap-hours: ");
    }

    private static HarvestConfig config(Dialect dialect, Limits limits, Spending spending) {
        return new HarvestConfig(
                new Endpoint(URI.create("https://x.openai.azure.com/openai/v1"), "m", dialect),
                new Sampling(1, 1, 100, OptionalLong.empty(), new TreeMap<>()),
                Asking.of(1),
                limits,
                spending,
                new HarvestOutput(
                        Path.of("x"),
                        Manifest.begin("harvest", "t"),
                        new DatasetCard("t", "other", ""),
                        ShardSize.DEFAULT));
    }
}

package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.dialect.Asked;
import dev.distill.teacher.dialect.DialectGuess;
import dev.distill.teacher.wire.Endpoint;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that is asked as most are, and refuses one word after the other. */
@Timeout(60)
class DialectFinderIT extends HarvestScene {
    private static final Sampling SAMPLING = new Sampling(0.6, 0.95, 4000, OptionalLong.of(7), new TreeMap<>());

    private final List<String> told = new ArrayList<>();

    /** As OpenAI's own API does; the last sentence of what it refuses for names what it takes. */
    private static void strict(String body, int attempt, ScriptedServer.Answer answer) throws IOException {
        if (body.contains("\"max_tokens\"")) {
            answer.status(
                    400,
                    "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                            + " 'max_completion_tokens' instead.\",\"type\":\"invalid_request_error\"}}");
        } else if (body.contains("\"stream_options\"")) {
            answer.status(
                    422,
                    "{\"detail\":[{\"loc\":[\"body\",\"stream_options\"],\"msg\":\"Extra inputs are not permitted\"}]}");
        } else if (body.contains("\"temperature\"")) {
            answer.status(
                    400,
                    "{\"error\":{\"message\":\"Unsupported value: 'temperature' does not support 0.6 with this model.\"}}");
        } else {
            answer.reply("", "one</think>two", "stop");
        }
    }

    private Endpoint guess(ScriptedServer server) {
        DialectGuess first = DialectGuess.of(server.url(), Asked.STANDARD);
        return new Endpoint(server.url(), "m", first.dialect());
    }

    private Endpoint find(ScriptedServer server, Spending spending) throws IOException {
        told.clear();
        return new DialectFinder(folder, spending)
                .find(guess(server), ApiKey.of(CANARY), SAMPLING, Patience.DEFAULT, told::add);
    }

    @Test
    void findsOutOnceWhatIsRefusedAndKeepsIt() throws IOException {
        Spending spending = new Spending(TARIFF, new Money(new BigDecimal("100"), "USD"));
        try (ScriptedServer server = new ScriptedServer(DialectFinderIT::strict)) {
            Endpoint found = find(server, spending);
            assertThat(server.requests()).isEqualTo(4);
            assertThat(found.dialect().facts().names().maxTokens()).isEqualTo("max_completion_tokens");
            assertThat(found.dialect().facts().names().temperature()).isNull();
            assertThat(found.dialect().facts().reply().streamUsage()).isFalse();
            assertThat(told)
                    .anyMatch(line -> line.contains("the token limit is called max_completion_tokens"))
                    .anyMatch(line -> line.contains("its template has written the first think tag"))
                    .last()
                    .asString()
                    .contains("dialect openai; kept in " + folder.resolve("dialect.yaml"));
            // usage as the server counted it: 20 tokens and 50, at one and ten for a thousand
            try (Ledger ledger = Ledger.open(folder.resolve("ledger.journal"), "USD")) {
                assertThat(ledger.spent().amount()).isEqualByComparingTo("0.52");
            }
            assertThat(find(server, spending)).isEqualTo(found);
            assertThat(server.requests()).isEqualTo(4);
            assertThat(told).singleElement().asString().contains("as an earlier run has found out");
        }
    }

    /** The harvest that follows asks as was found out, and its budget knows of the probe. */
    @Test
    void aHarvestGoesOnFromThere() throws IOException {
        try (ScriptedServer server = new ScriptedServer(DialectFinderIT::strict)) {
            Endpoint found = find(server, new Spending(TARIFF, null));
            HarvestConfig before = config(server.url(), 1, null, QUICK);
            HarvestConfig config = new HarvestConfig(
                    found, before.sampling(), Asking.of(1), before.limits(), before.spending(), before.output());
            HarvestResult result = harvest(config, 2);
            assertThat(result.completed()).isEqualTo(2);
            assertThat(result.spent().amount()).isEqualByComparingTo("1.56");
            assertThat(traces()).extracting(Trace::reasoning).containsOnly("one");
            assertThat(traces().getFirst().parameters())
                    .containsKey("max_completion_tokens")
                    .doesNotContainKeys("temperature", "max_tokens");
        }
    }

    /** Without usage the probe costs what it may have cost: 512 tokens of the reply and the bytes of the question. */
    @Test
    void whatIsNotCountedIsPaidForInFull() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"5\"},\"finish_reason\":\"stop\"}]}");
            answer.end();
        })) {
            find(server, new Spending(TARIFF, null));
        }
        try (Ledger ledger = Ledger.open(folder.resolve("ledger.journal"), "USD")) {
            assertThat(ledger.atMost().amount()).isBetween(new BigDecimal("5.12"), new BigDecimal("5.30"));
            assertThat(ledger.spent().amount()).isLessThan(BigDecimal.ONE);
            assertThat(ledger.estimated()).isEqualTo(ledger.spent());
        }
    }

    @Test
    void aProbeThatMayCostMoreThanIsLeftIsNotSent() throws IOException {
        try (ScriptedServer server = new ScriptedServer(DialectFinderIT::strict)) {
            assertThatThrownBy(() -> find(server, new Spending(TARIFF, new Money(BigDecimal.ONE, "USD"))))
                    .isInstanceOf(HarvestConfigException.class)
                    .hasMessageContaining("harvest.budget: the probe of teacher.dialect auto may cost");
            assertThat(server.requests()).isZero();
        }
    }

    @Test
    void aServerThatCannotBeAskedSaysWhy() throws IOException {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) ->
                answer.status(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + CANARY + "\"}}"))) {
            assertThatThrownBy(() -> find(server, new Spending(TARIFF, null)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("teacher.dialect: auto could not be found out: m at " + server.url())
                    .hasMessageContaining("unauthorized")
                    .hasMessageNotContaining(CANARY);
            assertThat(Files.exists(folder.resolve("dialect.yaml"))).isFalse();
        }
    }
}

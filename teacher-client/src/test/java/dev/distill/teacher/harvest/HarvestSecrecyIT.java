package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.TokenFolder;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.dialect.Asked;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The key of the API is in no file, no message and no log, also where a server echoes it. */
@Timeout(120)
class HarvestSecrecyIT extends HarvestScene {
    @Test
    void aWrongKeyStopsTheRunAtOnceAndIsShownNowhere() throws Exception {
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) ->
                answer.status(401, "{\"error\":{\"message\":\"Incorrect API key provided: " + CANARY + "\"}}"))) {
            HarvestResult result = harvest(server, 1000, 1);
            assertThat(result.ending())
                    .isInstanceOfSatisfying(
                            Ending.Stopped.class,
                            stopped -> assertThat(stopped.message())
                                    .contains("unauthorized (status 401: Incorrect API key provided: ***")
                                    .contains("run the same command again")
                                    .doesNotContain("canary"));
            // 16 in flight, and at most one more in each place that fell free before the first refusal had stopped the
            // run
            assertThat(result.requests()).isLessThanOrEqualTo(2 * 16);
            assertThat(result.shards()).isEmpty();
        }
        assertNoCanary();
    }

    /** A server that echoes the key in replies, errors and the model's name. */
    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic", "gemini"})
    void theKeyIsInNoFileAndNoLog(String dialect) throws Exception {
        ReplyFormat format = ReplyFormat.of(dialect);
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            if (attempt == 1) {
                answer.status(500, "{\"error\":{\"message\":\"key " + CANARY + " failed\"}}");
            } else if (number(body) == 0) {
                answer.stream();
                answer.data(format.said(CANARY));
                answer.cut();
            } else if (number(body) == 1) {
                answer.stream();
                answer.data("{\"error\":{\"code\":400,\"message\":\"" + CANARY + " in the stream\"}}");
                answer.end();
            } else {
                answer.stream();
                answer.data(format.model(CANARY));
                answer.data(format.thought("i am " + CANARY));
                answer.data(format.said("you are " + CANARY));
                answer.data(format.end());
                answer.end();
            }
        })) {
            HarvestResult result = harvest(in(dialect, config(server.url(), 1, null, QUICK)), 5);
            assertThat(result.completed()).isEqualTo(3);
            assertThat(result.failed()).isEqualTo(Map.of("cut_connection_lost", 1, "bad_request", 1));
        }
        assertThat(traces()).hasSize(3).allSatisfy(trace -> {
            assertThat(trace.reasoning()).isEqualTo("i am ***");
            assertThat(trace.answer()).isEqualTo("you are ***");
        });
        assertThat(Files.readString(folder.resolve("ledger.journal"), StandardCharsets.ISO_8859_1))
                .contains("\"model\":\"***\"", "in the stream");
        assertNoCanary();
    }

    private void assertNoCanary() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> written = Files.walk(folder)) {
            written.filter(Files::isRegularFile).forEach(files::add);
        }
        Path log = Path.of("target/test-logs/all.log");
        assertThat(log).isNotEmptyFile();
        files.add(log);
        for (Path file : files) {
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(content.contains("canary")).as(file.toString()).isFalse();
        }
    }

    /** Tokens tell the text once more, and what might have stood there. */
    @Test
    void theKeyIsInNoTokens() throws Exception {
        String tokens =
                "\"logprobs\":{\"content\":[{\"token\":\"A\",\"logprob\":-0.5,\"top_logprobs\":[{\"token\":\"B\","
                        + "\"logprob\":-0.5}]}]}";
        try (ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
            int number = number(body);
            // in the text and its tokens, among the candidates alone, nowhere
            String text = number == 0 ? CANARY : "so";
            String candidate = number == 1 ? CANARY : "x";
            answer.stream();
            answer.data("{\"choices\":[{\"delta\":{\"content\":\"" + text + "\"},"
                    + tokens.replace("A", text).replace("B", candidate) + ",\"finish_reason\":\"stop\"}]}");
            answer.data("[DONE]");
            answer.end();
        })) {
            HarvestConfig plain = config(server.url(), 1, null, QUICK);
            Dialect asking = Dialect.named("openai").asking(new Asked(Asked.Switch.AUTO, Optional.empty(), 1));
            HarvestConfig config = new HarvestConfig(
                    new Endpoint(server.url(), "m", asking),
                    plain.sampling(),
                    plain.asking(),
                    plain.limits(),
                    plain.spending(),
                    plain.output());
            assertThat(harvest(config, 3).completed()).isEqualTo(3);
        }
        assertThat(traces()).hasSize(3);
        List<String> withTokens = new ArrayList<>();
        TokenFolder.in(folder).forEach(row -> withTokens.add(row.traceId()));
        assertThat(withTokens).containsExactly(traces().getLast().id());
        assertNoCanary();
    }
}

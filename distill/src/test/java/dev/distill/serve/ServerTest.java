package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.respond.TextGenerator;
import dev.distill.student.generate.Sampling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a chat is answered, over real sockets. */
@Timeout(60)
class ServerTest {
    private static final String CHAT = "/v1/chat/completions";

    private static TinyServer tiny;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        tiny = new TinyServer(folder);
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    /** One whose reply has reasoning, an end of it, and an answer. */
    private static ObjectNode reasoning() throws IOException, InterruptedException {
        for (int seed = 0; seed < 200; seed++) {
            ObjectNode body = TinyServer.chat("What is two and two?", 120, seed).put("temperature", 1.5);
            JsonNode message = tiny.ask(body).path("choices").path(0).path("message");
            if (message.has("reasoning_content")
                    && message.path("content").asText().length() > 20) {
                return body;
            }
        }
        throw new AssertionError("no seed ends its reasoning");
    }

    /** The same text as the same model writes for {@code distill generate} with this seed. */
    private static TextGenerator.Text expected(
            String question, int maxTokens, long seed, int sample, double temperature) {
        List<Message> messages = List.of(Message.user(question));
        SampleRenderer renderer = tiny.student.language().renderer();
        String text = renderer.prompt(messages, true);
        List<TextGenerator.Text> texts = new ArrayList<>();
        new TextGenerator(tiny.student, 1)
                .generate(
                        List.of(new TextGenerator.Request(
                                text,
                                renderer.start(text),
                                new Sampling(temperature, 0, 1),
                                TextGenerator.seed(
                                        seed, Prompt.of(messages, null, "").id(), sample),
                                maxTokens,
                                List.of())),
                        () -> false,
                        TextGenerator.Listener.NONE,
                        texts::add);
        return texts.getFirst();
    }

    @Test
    void aWholeReplyIsWhatTheModelWrites() throws Exception {
        ObjectNode body = reasoning();
        JsonNode reply = tiny.ask(body);
        JsonNode message = reply.path("choices").path(0).path("message");
        TextGenerator.Text text = expected(
                "What is two and two?",
                120,
                body.path("seed").asLong(),
                0,
                body.path("temperature").asDouble());
        assertThat(message.path("reasoning_content").asText()).isEqualTo(text.reasoning());
        assertThat(message.path("content").asText()).isEqualTo(text.answer());
        assertThat(message.path("role").asText()).isEqualTo("assistant");
        assertThat(reply.path("choices").path(0).path("finish_reason").asText())
                .isEqualTo(text.finish().word());
        assertThat(reply.path("object").asText()).isEqualTo("chat.completion");
        assertThat(reply.path("model").asText()).isEqualTo("tiny");
        JsonNode usage = reply.path("usage");
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(text.newTokens());
        assertThat(usage.path("total_tokens").asInt())
                .isEqualTo(usage.path("prompt_tokens").asInt() + text.newTokens());
        assertThat(usage.path("completion_tokens_details")
                        .path("reasoning_tokens")
                        .asInt())
                .isBetween(2, text.newTokens() - 1);
    }

    @Test
    void aStreamIsTheWholeReplyInPieces() throws Exception {
        ObjectNode body = reasoning().put("n", 2).put("logprobs", true).put("top_logprobs", 2);
        JsonNode whole = tiny.ask(body);
        body.putObject("stream_options").put("include_usage", true);
        List<String> events = tiny.stream(CHAT, body);
        assertThat(events.getLast()).isEqualTo("[DONE]");
        JsonNode last = TinyServer.JSON.readTree(events.get(events.size() - 2));
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.path("usage")).isEqualTo(whole.path("usage"));
        for (int row = 0; row < 2; row++) {
            StringBuilder reasoning = new StringBuilder();
            StringBuilder answer = new StringBuilder();
            List<JsonNode> reasoningTokens = new ArrayList<>();
            List<JsonNode> answerTokens = new ArrayList<>();
            String finish = "";
            for (String event : events.subList(0, events.size() - 2)) {
                JsonNode choice =
                        TinyServer.JSON.readTree(event).path("choices").path(0);
                if (choice.path("index").asInt() == row) {
                    reasoning.append(
                            choice.path("delta").path("reasoning_content").asText(""));
                    answer.append(choice.path("delta").path("content").asText(""));
                    choice.path("logprobs").path("reasoning_content").forEach(reasoningTokens::add);
                    choice.path("logprobs").path("content").forEach(answerTokens::add);
                    finish = choice.path("finish_reason").asText(finish);
                }
            }
            JsonNode choice = whole.path("choices").path(row);
            assertThat(reasoning)
                    .hasToString(
                            choice.path("message").path("reasoning_content").asText(""));
            assertThat(answer)
                    .hasToString(choice.path("message").path("content").asText());
            assertThat(finish).isEqualTo(choice.path("finish_reason").asText());
            assertThat(answerTokens).isEqualTo(list(choice.path("logprobs").path("content")));
            assertThat(reasoningTokens).isEqualTo(list(choice.path("logprobs").path("reasoning_content")));
            assertThat(text(answerTokens).strip()).isEqualTo(answer.toString().strip());
            assertThat(text(reasoningTokens)).contains(reasoning.toString());
        }
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> list = new ArrayList<>();
        array.forEach(list::add);
        return list;
    }

    private static String text(List<JsonNode> tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(token -> token.path("bytes").forEach(b -> bytes.write(b.asInt())));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Forty requests of different lengths from as many clients: each is what it is alone, to the log-probability. */
    @Test
    void whatElseIsInTheBatchChangesNothing() throws Exception {
        double before = tiny.metric("distill_serve_requests_total{outcome=\"answered\"}");
        double begun = tiny.metric("distill_serve_first_token_seconds_count");
        List<ObjectNode> bodies = new ArrayList<>();
        List<JsonNode> alone = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            bodies.add(TinyServer.chat("Count from one to ten. ".repeat(1 + i % 3), 10 + 3 * (i % 9), i % 11)
                    .put("logprobs", true)
                    .put("n", 1 + i % 2));
            alone.add(tiny.ask(bodies.get(i)).path("choices"));
        }
        List<FutureTask<JsonNode>> together = new ArrayList<>();
        for (ObjectNode body : bodies) {
            together.add(new FutureTask<>(() -> tiny.ask(body).path("choices")));
            Thread.ofVirtual().start(together.getLast());
        }
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(together.get(i).get()).as("request %d", i).isEqualTo(alone.get(i));
        }
        assertThat(alone.stream().distinct()).hasSizeGreaterThan(20);
        tiny.await("distill_serve_requests_total{outcome=\"answered\"}", before + 80);
        tiny.await("distill_serve_rows{model=\"tiny\"}", 0);
        assertThat(tiny.metric("distill_serve_first_token_seconds_count")).isEqualTo(begun + 80);
    }

    @Test
    void samplesOfOneRequestDifferAndAreThoseOfTheirSeeds() throws Exception {
        JsonNode choices = tiny.ask(TinyServer.chat("Hello", 30, 3).put("n", 4)).path("choices");
        assertThat(choices).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(choices.path(i).path("message").path("reasoning_content").asText())
                    .isEqualTo(expected("Hello", 30, 3, i, 1).reasoning());
        }
        JsonNode other = tiny.ask(TinyServer.chat("Hello", 30, 4)).path("choices");
        assertThat(other.path(0).path("message")).isNotEqualTo(choices.path(0).path("message"));
    }

    @Test
    void modelsHealthAndTheRest() throws Exception {
        JsonNode models = TinyServer.JSON.readTree(tiny.get("/v1/models").body());
        assertThat(models.path("data").path(0).path("id").asText()).isEqualTo("tiny");
        assertThat(models.path("data").path(0).path("max_model_len").asInt()).isEqualTo(256);
        assertThat(tiny.get("/v1/models/tiny").statusCode()).isEqualTo(200);
        assertThat(tiny.get("/v1/models/no%20such").statusCode()).isEqualTo(404);
        assertThat(Route.model("/v1/models/org%2Fa+b%20c?x=1")).isEqualTo("org/a+b c");
        try (RawClient client = new RawClient(tiny.server.uri())) {
            assertThat(client.say("GET /v1/models/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .upTo("}}"))
                    .startsWith("HTTP/1.1 400 ");
        }
        assertThat(tiny.get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(tiny.get("/health?x=1").statusCode()).isEqualTo(200);
        assertThat(tiny.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(tiny.get("/metrics").body())
                .contains("# TYPE distill_serve_first_token_seconds histogram", "distill_serve_slots 4");
        assertThat(tiny.get("/").headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'; script-src 'sha256-");
    }
}

package dev.distill.teacher.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Reply;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.Dialect;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where each provider is asked, how its requests are signed, and its replies, over real HTTP. */
@Timeout(60)
class ProvidersIT {
    private static final String CANARY = "canary-0123456789abcdefghij";
    private static final Patience QUICK =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20), 1 << 20);

    /** What came of one question, and with which headers it was asked. */
    private record Asked(Exchange exchange, Map<String, String> headers) {
        private Reply reply() {
            assertThat(exchange.outcome()).isInstanceOf(Outcome.Completed.class);
            return ((Outcome.Completed) exchange.outcome()).reply();
        }
    }

    private static Asked ask(String dialect, String model, String query, ScriptedServer.Script script)
            throws IOException {
        try (ScriptedServer server = new ScriptedServer(script);
                HttpTeacher teacher = new HttpTeacher(
                        new Endpoint(URI.create(server.url() + query), model, Dialect.named(dialect)),
                        ApiKey.of(CANARY),
                        QUICK)) {
            Exchange exchange = teacher.ask(new TeacherRequest(List.of(Message.user("1+1?")), Sampling.R1, 0));
            return new Asked(exchange, server.lastHeaders());
        }
    }

    @Test
    void anthropicIsAskedForMessages() throws IOException {
        Asked asked = ask("anthropic", "claude-x", "", (body, attempt, answer) -> {
            answer.stream();
            answer.chunk(
                    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-x\",\"usage\":"
                            + "{\"input_tokens\":9,\"output_tokens\":1}}}\n\n");
            answer.chunk("event: ping\ndata: {\"type\": \"ping\"}\n\n");
            answer.chunk("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                    + "{\"type\":\"thinking_delta\",\"thinking\":\"one and one\"}}\n\n");
            answer.chunk("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":"
                    + "{\"type\":\"text_delta\",\"text\":\"2\"}}\n\n");
            answer.chunk(
                    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                            + "\"usage\":{\"output_tokens\":30}}\n\n");
            answer.chunk("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
            answer.end();
        });
        assertThat(asked.headers())
                .containsEntry("request", "POST /v1/messages HTTP/1.1")
                .containsEntry("x-api-key", CANARY)
                .containsEntry("anthropic-version", "2023-06-01")
                .doesNotContainKey("authorization");
        assertThat(asked.reply())
                .isEqualTo(
                        new Reply("one and one", "2", "2", FinishReason.STOP, "claude-x", ReasoningKind.SUMMARY, null));
        assertThat(asked.exchange().received().usage()).isEqualTo(new Usage(9, 0, 30, 0));
    }

    @Test
    void anErrorEventOfAnthropicsEndsTheReply() throws IOException {
        Asked asked = ask("anthropic", "claude-x", "", (body, attempt, answer) -> {
            answer.stream();
            answer.chunk(
                    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n");
            answer.end();
        });
        assertThat(asked.exchange().outcome())
                .isInstanceOfSatisfying(
                        Outcome.Overloaded.class,
                        over -> assertThat(over.status()).isEqualTo(529));
    }

    @Test
    void geminiIsAskedForAStreamOfContents() throws IOException {
        Asked asked = ask("gemini", "gemini-3 x", "", (body, attempt, answer) -> {
            answer.stream();
            answer.chunk(
                    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"one and one\",\"thought\":true}]},"
                            + "\"index\":0}],\"modelVersion\":\"gemini-x\"}\r\n\r\n");
            answer.chunk(
                    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"2\"}]},\"finishReason\":\"MAX_TOKENS\","
                            + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":1,\"thoughtsTokenCount\":8}}\r\n\r\n");
            answer.end();
        });
        assertThat(asked.headers())
                .containsEntry("request", "POST /v1/models/gemini-3%20x:streamGenerateContent?alt=sse HTTP/1.1")
                .containsEntry("x-goog-api-key", CANARY)
                .doesNotContainKey("authorization");
        assertThat(asked.reply())
                .isEqualTo(new Reply(
                        "one and one", "2", "2", FinishReason.LENGTH, "gemini-x", ReasoningKind.SUMMARY, null));
        assertThat(asked.exchange().received().usage()).isEqualTo(new Usage(5, 0, 9, 8));
    }

    @Test
    void azuresDeploymentsHaveTheVersionInTheQuery() throws IOException {
        ScriptedServer.Script two = (body, attempt, answer) -> answer.reply("", "2", "stop");
        assertThat(ask("azure-deployments", "my-gpt", "", two).headers())
                .containsEntry(
                        "request",
                        "POST /v1/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21 HTTP/1.1")
                .containsEntry("api-key", CANARY)
                .doesNotContainKey("authorization");
        assertThat(ask("azure-deployments", "my-gpt", "?api-version=2025-04-01-preview", two)
                        .headers())
                .containsEntry(
                        "request",
                        "POST /v1/openai/deployments/my-gpt/chat/completions?api-version=2025-04-01-preview"
                                + " HTTP/1.1");
        assertThat(new Endpoint(URI.create("https://x/v1?key=secret"), "m", Dialect.named("gemini")).problems())
                .singleElement()
                .asString()
                .contains("nor a query but api-version")
                .doesNotContain("secret");
    }
}

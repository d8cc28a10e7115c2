package dev.distill.teacher.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.embedded.fault.ContentFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The teacher over real HTTP, with the JDK's client. */
class EmbeddedTeacherIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUESTION = "Compute (47+85)*3-29.";

    @TempDir
    private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void streamsReasoningThenAnswerThenUsage() throws Exception {
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest())) {
            HttpResponse<String> response = post(teacher, body(QUESTION, 0, true));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            List<JsonNode> chunks = chunks(response.body());
            assertThat(response.body()).endsWith("data: [DONE]\n\n");
            assertThat(joined(chunks, "reasoning_content")).contains("47+85:7+5=12,4+8+1=13");
            assertThat(joined(chunks, "content")).contains("\\boxed{367}");
            JsonNode last = chunks.getLast();
            assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            JsonNode usage = last.path("usage");
            assertThat(usage.path("prompt_cache_hit_tokens").asLong()
                            + usage.path("prompt_cache_miss_tokens").asLong())
                    .isEqualTo(usage.path("prompt_tokens").asLong());
            assertThat(usage.at("/completion_tokens_details/reasoning_tokens").asLong())
                    .isPositive()
                    .isLessThan(usage.path("completion_tokens").asLong());
        }
    }

    @Test
    void theWholeReplySaysWhatTheStreamSays() throws Exception {
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest())) {
            List<JsonNode> chunks =
                    chunks(post(teacher, body(QUESTION, 3, true)).body());
            JsonNode whole =
                    JSON.readTree(post(teacher, body(QUESTION, 3, false)).body());

            JsonNode message = whole.at("/choices/0/message");
            assertThat(message.path("reasoning_content").asText()).isEqualTo(joined(chunks, "reasoning_content"));
            assertThat(message.path("content").asText()).isEqualTo(joined(chunks, "content"));
            assertThat(whole.path("usage")).isEqualTo(chunks.getLast().path("usage"));
        }
    }

    @Test
    void theSameRequestGetsTheSameBytesFromAnotherTeacher() throws Exception {
        List<String> replies = new ArrayList<>();
        for (String log : List.of("a.jsonl", "b.jsonl")) {
            TeacherConfig config = TeacherConfig.of(5, folder.resolve(log));
            try (EmbeddedTeacher teacher = EmbeddedTeacher.start(config)) {
                StringBuilder all = new StringBuilder();
                for (int sample = 0; sample < 100; sample++) {
                    HttpResponse<String> response = postOrNull(teacher, body(QUESTION, sample, true));
                    all.append(response == null ? "cut" : response.statusCode() + response.body());
                }
                replies.add(all.toString());
            }
        }
        assertThat(replies.get(0)).isEqualTo(replies.get(1)).contains("cut").contains("503");
    }

    @Test
    void rateLimitAndOutageSayWhenToComeBackAndPassWithTheNextAttempt() throws Exception {
        FaultRates rates = FaultRates.none().with(TransportFault.RATE_LIMITED, 0.5);
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest().withRates(rates))) {
            HttpResponse<String> limited = firstWithStatus(teacher, 429);
            assertThat(Double.parseDouble(
                            limited.headers().firstValue("retry-after").orElseThrow()))
                    .isBetween(0.0, 1.0);
            assertThat(JSON.readTree(limited.body()).at("/error/type").asText()).isEqualTo("rate_limit_error");
        }
        rates = FaultRates.none().with(TransportFault.UNAVAILABLE, 0.5);
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest().withRates(rates))) {
            assertThat(firstWithStatus(teacher, 503).body()).contains("error");
            assertThat(firstWithStatus(teacher, 200).body()).contains("[DONE]");
        }
    }

    /** Attempts are counted by the request, or as the client says; the same attempt meets the same fate. */
    @Test
    void theFateOfAnAttemptIsFixed() throws Exception {
        FaultRates rates = FaultRates.none().with(TransportFault.UNAVAILABLE, 0.5);
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest().withRates(rates))) {
            List<Integer> counted = new ArrayList<>();
            List<Integer> said = new ArrayList<>();
            for (int attempt = 1; attempt <= 12; attempt++) {
                counted.add(post(teacher, body(QUESTION, 0, true)).statusCode());
            }
            for (int attempt = 12; attempt >= 1; attempt--) {
                said.addFirst(post(teacher, body(QUESTION, 0, true), "X-Distill-Attempt", Integer.toString(attempt))
                        .statusCode());
            }
            assertThat(said).isEqualTo(counted).contains(200, 503);
        }
    }

    @Test
    void aCutReplyEndsInTheMiddle() throws Exception {
        FaultRates rates = FaultRates.none().with(TransportFault.CUT, 1);
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest().withRates(rates))) {
            for (boolean stream : new boolean[] {true, false}) {
                assertThatThrownBy(() -> post(teacher, body(QUESTION, 0, stream)))
                        .isInstanceOf(IOException.class);
            }
            assertThat(TeacherLog.read(teacher.log().file())).hasSize(2).allSatisfy(entry -> {
                assertThat(entry.transport()).isEqualTo("cut");
                assertThat(entry.bought()).isFalse();
            });
        }
    }

    @Test
    void aStalledReplyFallsSilent() throws Exception {
        FaultRates rates = FaultRates.none().with(TransportFault.STALLED, 1);
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest().withRates(rates))) {
            CompletableFuture<HttpResponse<String>> reply =
                    client.sendAsync(request(teacher, body(QUESTION, 0, true)), BodyHandlers.ofString());

            assertThatThrownBy(() -> reply.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            teacher.close();
            assertThatThrownBy(() -> reply.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void anExhaustedProviderSaysSo() throws Exception {
        FaultRates rates = FaultRates.none().with(TransportFault.EXHAUSTED, 1);
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest().withRates(rates))) {
            List<JsonNode> chunks =
                    chunks(post(teacher, body(QUESTION, 0, true)).body());

            assertThat(chunks.getLast().at("/choices/0/finish_reason").asText())
                    .isEqualTo("insufficient_system_resource");
            assertThat(joined(chunks, "content")).isEmpty();
        }
    }

    @Test
    void refusesAWrongKeyAndWhatItCannotRead() throws Exception {
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest().withKey("right"))) {
            assertThat(post(teacher, body(QUESTION, 0, true)).statusCode()).isEqualTo(401);
            assertThat(post(teacher, body(QUESTION, 0, true), "Authorization", "Bearer wrong")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(post(teacher, body(QUESTION, 0, true), "Authorization", "Bearer right")
                            .statusCode())
                    .isEqualTo(200);
        }
        TeacherConfig open = TeacherConfig.of(1, folder.resolve("open.jsonl")).withRates(FaultRates.none());
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(open)) {
            for (String bad : List.of(
                    "",
                    "[]",
                    "{",
                    body("How are you?", 0, true),
                    body(QUESTION, 0, true).replace("embedded-reasoner", "gpt"),
                    body(QUESTION, 0, true).replace("\"user\"", "\"nobody\""),
                    body(QUESTION, 0, true).replace("\"max_tokens\":2000", "\"max_tokens\":0"),
                    body(QUESTION, 0, true).replace("\"seed\":0", "\"seed\":0.5"))) {
                HttpResponse<String> response = post(teacher, bad);
                assertThat(response.statusCode()).as(bad).isEqualTo(400);
                assertThat(JSON.readTree(response.body()).at("/error/type").asText())
                        .isEqualTo("invalid_request_error");
            }
            assertThat(TeacherLog.read(teacher.log().file())).isEmpty();
        }
    }

    @Test
    void listsItsModel() throws Exception {
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest())) {
            for (String path : List.of("/v1/models", "/models")) {
                HttpRequest get =
                        HttpRequest.newBuilder(teacher.uri().resolve(path)).build();
                assertThat(JSON.readTree(client.send(get, BodyHandlers.ofString())
                                        .body())
                                .at("/data/0/id")
                                .asText())
                        .isEqualTo(EmbeddedTeacher.MODEL);
            }
        }
    }

    @Test
    void keepsToTheLimitOfTokens() throws Exception {
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest())) {
            String body = body(QUESTION, 0, true).replace("\"max_tokens\":2000", "\"max_tokens\":25");
            List<JsonNode> chunks = chunks(post(teacher, body).body());

            assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("length");
            assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(25);
            FaultTruth truth = FaultTruth.read(teacher.log().file());
            assertThat(truth.of(promptId(QUESTION), 0).orElseThrow().fault()).isEqualTo(ContentFault.CUT_OFF);
        }
    }

    /** A sample is spoilt, by the log, exactly where its text is not that of a teacher without faults. */
    @Test
    void theLogTellsWhichSamplesAreSpoilt() throws Exception {
        TeacherConfig config = TeacherConfig.of(1, folder.resolve("spoilt.jsonl"))
                .withFirstSeed(1_000)
                .withRates(FaultRates.none().with(ContentFault.IDENTITY, 0.5));
        try (EmbeddedTeacher spoilt = EmbeddedTeacher.start(config);
                EmbeddedTeacher honest = EmbeddedTeacher.start(honest())) {
            List<Boolean> differ = new ArrayList<>();
            for (int sample = 0; sample < 20; sample++) {
                JsonNode said = JSON.readTree(
                        post(spoilt, body(QUESTION, 1_000 + sample, false)).body());
                JsonNode meant = JSON.readTree(
                        post(honest, body(QUESTION, sample, false)).body());
                differ.add(!said.at("/choices/0/message").equals(meant.at("/choices/0/message")));
            }
            FaultTruth truth = FaultTruth.read(spoilt.log().file());
            for (int sample = 0; sample < 20; sample++) {
                FaultTruth.Found found = truth.of(promptId(QUESTION), sample).orElseThrow();
                assertThat(found.fault() == ContentFault.IDENTITY).isEqualTo(differ.get(sample));
                assertThat(found.detail().isEmpty()).isEqualTo(!differ.get(sample));
            }
            assertThat(differ).contains(true, false);
            assertThat(truth.of(promptId(QUESTION), 20)).isEmpty();
            assertThat(truth.size()).isEqualTo(20);
        }
    }

    /** A pause follows each event but the last two: the finish reason and the end of the stream go out together. */
    @Test
    void aDelayIsKeptBetweenThePieces() throws Exception {
        TeacherConfig config = honest().withChunkDelay(Duration.ofMillis(20));
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(config)) {
            long start = System.nanoTime();
            int events = post(teacher, body(QUESTION, 0, true)).body().split("\n\n").length;

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(20L * (events - 2)));
        }
    }

    @Test
    void aPortInUseIsOneClearError() throws Exception {
        try (EmbeddedTeacher teacher = EmbeddedTeacher.start(honest())) {
            TeacherConfig config = honest().withPort(teacher.uri().getPort());

            assertThatThrownBy(() -> EmbeddedTeacher.start(config))
                    .isInstanceOf(IOException.class)
                    .hasMessage("embedded teacher: port " + config.port()
                            + " on 127.0.0.1 is in use; choose another one, or 0 for any free one");
        }
    }

    private TeacherConfig honest() {
        return TeacherConfig.of(1, folder.resolve("teacher.jsonl")).withRates(FaultRates.none());
    }

    private static String promptId(String question) {
        return Prompt.of(List.of(Message.user(question)), null, "test").id();
    }

    private static String body(String question, long seed, boolean stream) {
        return JSON.createObjectNode()
                .put("model", EmbeddedTeacher.MODEL)
                .put("stream", stream)
                .put("max_tokens", 2_000)
                .put("seed", seed)
                .set(
                        "messages",
                        JSON.createArrayNode()
                                .add(JSON.createObjectNode().put("role", "user").put("content", question)))
                .toString();
    }

    private HttpResponse<String> firstWithStatus(EmbeddedTeacher teacher, int status) throws Exception {
        for (int i = 0; i < 100; i++) {
            HttpResponse<String> response = post(teacher, body(QUESTION, 0, true));
            if (response.statusCode() == status) {
                return response;
            }
        }
        throw new AssertionError("no reply of 100 had status " + status);
    }

    private HttpResponse<String> post(EmbeddedTeacher teacher, String body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(teacher, body, headers), BodyHandlers.ofString());
    }

    private @org.jspecify.annotations.Nullable HttpResponse<String> postOrNull(EmbeddedTeacher teacher, String body)
            throws InterruptedException {
        try {
            return post(teacher, body);
        } catch (IOException e) {
            return null;
        }
    }

    private static HttpRequest request(EmbeddedTeacher teacher, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(teacher.uri() + "/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private static List<JsonNode> chunks(String stream) throws IOException {
        List<JsonNode> chunks = new ArrayList<>();
        for (String event : stream.split("\n\n")) {
            if (event.startsWith("data: {")) {
                chunks.add(JSON.readTree(event.substring(6)));
            } else {
                assertThat(event).isIn(": keep-alive", "data: [DONE]");
            }
        }
        return chunks;
    }

    private static String joined(List<JsonNode> chunks, String field) {
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : chunks) {
            text.append(chunk.at("/choices/0/delta/" + field).asText(""));
        }
        return text.toString();
    }
}

package dev.distill.teacher.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Conformance;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.dialect.ErrorReader;
import dev.distill.teacher.dialect.ReplyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams and framing cases from outside the project. */
@Tag("conformance")
class SseConformanceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The framing cases of openai-python; their assertions are Python and are evaluated here. */
    @Test
    void framesAsOpenaiPythonDoes() throws IOException {
        int cases = 0;
        for (JsonNode test : Conformance.json("http/openai_python_sse_10.json").path("cases")) {
            List<SseEvent> events = new ArrayList<>();
            SseParser parser = new SseParser(1 << 20, events::add);
            for (JsonNode chunk : test.path("chunks_hex")) {
                parser.feed(ByteBuffer.wrap(HexFormat.of().parseHex(chunk.asText())));
            }
            check(test.path("test").asText(), events, test.path("asserts_in_order"));
            cases++;
        }
        assertThat(cases).isEqualTo(10);
    }

    /** Each assertion on the event's name begins the next event; those on its data follow. */
    private static void check(String name, List<SseEvent> events, JsonNode assertions) throws IOException {
        int at = -1;
        for (JsonNode assertion : assertions) {
            String text = assertion.asText();
            if (text.startsWith("sse.event")) {
                SseEvent event = events.get(++at);
                String expected = text.contains("is None") ? null : python(text);
                assertThat(event.name()).as(name + ": " + text).isEqualTo(expected);
            } else if (text.startsWith("sse.data")) {
                assertThat(events.get(at).data()).as(name + ": " + text).isEqualTo(python(text));
            } else {
                String expected = text.substring(text.indexOf("==") + 2)
                        .replace('\'', '"')
                        .replace("True", "true")
                        .replace("False", "false");
                assertThat(JSON.readTree(events.get(at).data()))
                        .as(name + ": " + text)
                        .isEqualTo(JSON.readTree(expected));
            }
        }
        assertThat(events).as(name).hasSize(at + 1);
    }

    /** The string literal after {@code ==}. */
    private static String python(String assertion) {
        String literal = assertion.substring(assertion.indexOf("==") + 2).strip();
        return literal.substring(1, literal.length() - 1).replace("\\n", "\n");
    }

    /** Seven recorded streams: number of events, lengths (in UTF-16 units), finish reason and usage as their index says, however they are cut. */
    @Test
    void readsRecordedStreams() throws IOException {
        int streams = 0;
        int events = 0;
        for (JsonNode entry : Conformance.json("http/raw_sse/index.json")) {
            String file = entry.path("file").asText();
            if (!file.endsWith(".sse")) {
                continue; // recordings of other projects, not in this folder
            }
            byte[] bytes = Files.readAllBytes(Conformance.file("http/raw_sse/" + file));
            events += readsRecordedStream(entry, bytes, 1);
            readsRecordedStream(entry, bytes, 4096);
            streams++;
        }
        assertThat(streams).isEqualTo(7);
        assertThat(events).isEqualTo(3830);
    }

    private static int readsRecordedStream(JsonNode entry, byte[] bytes, int longestPiece) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String name = entry.path("file").asText() + ", seed " + seed;
        ReplyReader reader = Dialect.named("openai").reader(new ErrorReader(ApiKey.NONE));
        int[] events = {0};
        SseParser parser = new SseParser(1 << 20, event -> {
            // the index counts chunks: neither the end mark nor the one event named "error"
            events[0] += event.data().equals("[DONE]") || event.name() != null ? 0 : 1;
            reader.accept(event.name(), event.data());
        });
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(longestPiece));
            parser.feed(ByteBuffer.wrap(bytes, from, length));
            from += length;
        }
        assertThat(events[0]).as(name).isEqualTo(entry.path("events").asInt());
        Received received = reader.received();
        assertThat(received.reasoning().length())
                .as(name)
                .isEqualTo(entry.path("reasoning_chars").asInt());
        assertThat(received.content().length())
                .as(name)
                .isEqualTo(entry.path("content_chars").asInt());
        if (entry.path("usage").isObject() && entry.path("usage").has("prompt_tokens")) {
            Usage usage = Objects.requireNonNull(received.usage());
            assertThat(usage.promptTokens())
                    .isEqualTo(entry.at("/usage/prompt_tokens").asLong());
            assertThat(usage.completionTokens())
                    .isEqualTo(entry.at("/usage/completion_tokens").asLong());
            assertThat(usage.reasoningTokens())
                    .isEqualTo(entry.at("/usage/completion_tokens_details/reasoning_tokens")
                            .asLong(0));
        }
        checkOutcome(name, entry, reader.outcome());
        return events[0];
    }

    private static void checkOutcome(String name, JsonNode entry, Outcome outcome) {
        if (entry.path("finish_reason").isNull()) {
            // the recording that ends with an error of its own: status 400, within the stream
            assertThat(outcome).as(name).isInstanceOfSatisfying(Outcome.BadRequest.class, bad -> {
                assertThat(bad.status()).isEqualTo(400);
                assertThat(bad.detail()).startsWith("Tool call validation failed");
            });
            return;
        }
        assertThat(outcome).as(name).isInstanceOfSatisfying(Outcome.Completed.class, completed -> {
            String word = entry.path("finish_reason").asText();
            assertThat(completed.reply().finish()).isEqualTo(FinishReason.of(word));
            assertThat(completed.reply().model()).isEqualTo(entry.path("model").asText());
            boolean thinks = entry.path("content_has_think_tag").asBoolean()
                    || entry.path("reasoning_chars").asInt() > 0;
            assertThat(completed.reply().reasoning() != null).as(name).isEqualTo(thinks);
            assertThat(completed.reply().answer()).doesNotContain("</think>");
        });
    }
}

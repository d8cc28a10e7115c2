package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.respond.TinyStudent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What bytes a request's body may be made of. */
@Timeout(60)
class BodyReadingTest {
    private static Reading reading;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        reading = new Reading(TinyStudent.writeReasoning(folder.resolve("tiny"), 5));
    }

    @AfterAll
    static void close() {
        reading.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[1]",
                "\"text\"",
                "{",
                "{\"a\": 1} {\"b\": 2}",
                "{\"n\": 1, \"n\": 2}",
                "{\"a\": NaN}",
                "{'a': 1}",
                "{\"a\": \"\\ud800\"}",
                "{\"\\udc00\": 1}"
            })
    void aBodyMustBeOneObjectOfJson(String body) {
        assertThat(reading.refused(body).status()).isEqualTo(400);
    }

    @Test
    void depthNumbersNamesAndBytesHaveLimits() {
        assertThat(reading.refused("{\"a\": " + "[".repeat(100_000)).status()).isEqualTo(400);
        assertThat(reading.refused("{\"a\": " + "9".repeat(100_000) + "}").getMessage())
                .contains("not JSON that can be read");
        assertThat(reading.refused("{\"" + "a".repeat(100_000) + "\": 1}").status())
                .isEqualTo(400);
        assertThatThrownBy(() -> reading.chats.read(new byte[] {'{', (byte) 0xc3, '}'}))
                .hasMessage("the body is not UTF-8");
        assertThatThrownBy(() -> reading.chats.read("{}".getBytes(StandardCharsets.UTF_16)))
                .hasMessage("the body is not UTF-8");
    }

    /** Mutations of requests that are right: each is read, or refused with an error object; none fails otherwise. */
    @Test
    void nothingElseThanAnOrderOrARefusalComesOfAnyBytes() {
        List<byte[]> seeds = List.of(
                Reading.utf8("{" + Reading.MESSAGES
                        + ", \"n\": 2, \"stop\": [\"a\"], \"temperature\": 0.5, \"stream\": true,"
                        + " \"stream_options\": {\"include_usage\": true}, \"seed\": 12345678901}"),
                Reading.utf8(
                        "{\"messages\": [{\"role\": \"assistant\", \"reasoning_content\": \"hm\", \"content\": \"\u00e9\ud83d\ude42\"},"
                                + " {\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"\\ud83d\\ude42\"}]}]}"),
                Reading.utf8(
                        "{\"prompt\": [[1, 2], [3]], \"echo\": true, \"logprobs\": 3, \"max_tokens\": 4, \"top_k\": -1}"));
        List<String> parts = List.of(
                "{",
                "}",
                "[",
                "]",
                "\"",
                ",",
                ":",
                "\\u",
                "\\ud800",
                "null",
                "1e400",
                "-",
                "9".repeat(70),
                "true",
                "\u0000",
                "[[[[[[[[",
                "<|im_end|>",
                "{%",
                "\"n\":",
                "\"messages\":",
                "\ufeff");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int taken = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] body = seeds.get(random.nextInt(seeds.size())).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                body = mutated(body, parts, random);
            }
            for (boolean chat : new boolean[] {true, false}) {
                try {
                    Order order = chat ? reading.chats.read(body) : reading.completions.read(body);
                    assertThat(order.rows()).isBetween(1, 8);
                    taken++;
                } catch (ApiError e) {
                    JsonNode error = e.json().path("error");
                    assertThat(e.status()).as("seed %d round %d", seed, round).isBetween(400, 404);
                    assertThat(error.path("message").asText()).isNotEmpty();
                    assertThat(StandardCharsets.UTF_16.newEncoder().canEncode(e.getMessage()))
                            .isTrue();
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(
                            "seed " + seed + ", round " + round + ": " + new String(body, StandardCharsets.UTF_8), e);
                }
            }
        }
        assertThat(taken).as("some are still right").isPositive();
    }

    private static byte[] joined(byte[]... parts) {
        int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] mutated(byte[] body, List<String> parts, Random random) {
        int at = random.nextInt(body.length + 1);
        int end = Math.min(body.length, at + random.nextInt(1, 12));
        byte[] front = Arrays.copyOf(body, at);
        return switch (random.nextInt(4)) {
            case 0 -> joined(front, Arrays.copyOfRange(body, end, body.length)); // cut out
            case 1 ->
                joined(
                        front,
                        Reading.utf8(parts.get(random.nextInt(parts.size()))),
                        Arrays.copyOfRange(body, at, body.length));
            case 2 ->
                joined(front, Arrays.copyOfRange(body, at, end), Arrays.copyOfRange(body, at, body.length)); // twice
            default -> {
                byte[] other = body.clone();
                if (at < other.length) {
                    other[at] = (byte) random.nextInt(256);
                }
                yield other;
            }
        };
    }

    /** A table of field names would keep what clients make up, and be shared by all threads. */
    @Test
    void fieldNamesOfClientsAreNotKept() {
        assertThat(StrictJson.FACTORY.isEnabled(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES))
                .isFalse();
        assertThat(StrictJson.FACTORY.isEnabled(JsonFactory.Feature.INTERN_FIELD_NAMES))
                .isFalse();
    }
}

package dev.distill.teacher.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.ApiKey;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that have the fields of the formats, with values that make no sense there: a reader takes them all. */
class StrangeEventsTest {
    private static final long SEED = Long.getLong("distill.seed", 20261130);
    private static final int REPLIES = 3_000;
    private static final int EVENTS = 8;
    private static final int DEEPEST = 6;

    private static final List<String> FIELDS = List.of(
            "choices",
            "index",
            "delta",
            "message",
            "content",
            "reasoning_content",
            "reasoning",
            "reasoning_details",
            "type",
            "text",
            "thinking",
            "summary",
            "refusal",
            "finish_reason",
            "logprobs",
            "top_logprobs",
            "token",
            "logprob",
            "bytes",
            "usage",
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "completion_tokens_details",
            "reasoning_tokens",
            "prompt_tokens_details",
            "cached_tokens",
            "prompt_cache_hit_tokens",
            "x_groq",
            "model",
            "content_block",
            "stop_reason",
            "input_tokens",
            "output_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "output_tokens_details",
            "thinking_tokens",
            "candidates",
            "parts",
            "thought",
            "thoughtSignature",
            "finishReason",
            "modelVersion",
            "usageMetadata",
            "promptTokenCount",
            "candidatesTokenCount",
            "thoughtsTokenCount",
            "cachedContentTokenCount",
            "promptFeedback",
            "blockReason",
            "error",
            "code",
            "status",
            "details",
            "retryDelay");

    private static final List<String> WORDS = List.of(
            "",
            "x",
            "<think>",
            "</think>",
            "stop",
            "STOP",
            "end_turn",
            "content_filter",
            "\uD800",
            "message_start",
            "content_block_start",
            "content_block_delta",
            "message_delta",
            "message",
            "thinking_delta",
            "text_delta",
            "reasoning.summary",
            "text",
            "34.1s",
            "99999999999999999999s");

    private static final List<String> NUMBERS =
            List.of("0", "-1", "1e999999999", "-1e-999999999", "9223372036854775807", "9".repeat(60), "0.5", "7");

    @ParameterizedTest
    @ValueSource(strings = {"openai", "anthropic", "gemini"})
    void noneIsTooStrange(String dialect) {
        Random random = new Random(SEED);
        int finished = 0;
        for (int i = 0; i < REPLIES; i++) {
            ReplyReader reader = Dialect.named(dialect).reader(new ErrorReader(ApiKey.NONE));
            StringBuilder events = new StringBuilder("seed " + SEED);
            for (int j = 0; j < EVENTS; j++) {
                String event = object(random, 0).toString();
                events.append('\n').append(event);
                try {
                    reader.accept(null, event);
                    assertThat(reader.outcome().describe()).isNotNull();
                    assertThat(reader.received().deltas()).isNotNegative();
                } catch (RuntimeException e) {
                    throw new AssertionError(events.toString(), e);
                }
            }
            finished += reader.isFinished() ? 1 : 0;
        }
        // the fields are found, or nothing would be tested
        assertThat(finished).isGreaterThan(REPLIES / 100);
    }

    private static JsonNode object(Random random, int depth) {
        ObjectNode object = Json.MAPPER.createObjectNode();
        int fields = depth == 0 ? 12 : 1 + random.nextInt(8);
        for (int i = 0; i < fields; i++) {
            // most errors end a reply, and with it the test of what follows
            String field = FIELDS.get(random.nextInt(FIELDS.size()));
            if (!field.equals("error") || random.nextInt(20) == 0) {
                object.set(field, value(random, depth + 1));
            }
        }
        return object;
    }

    private static JsonNode value(Random random, int depth) {
        int kind = random.nextInt(depth < DEEPEST ? 10 : 5);
        return switch (kind) {
            case 0 -> Json.MAPPER.nullNode();
            case 1 -> Json.read(NUMBERS.get(random.nextInt(NUMBERS.size())));
            case 2, 3 -> Json.MAPPER.getNodeFactory().textNode(WORDS.get(random.nextInt(WORDS.size())));
            case 4 -> Json.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
            case 5, 6 -> {
                ArrayNode array = Json.MAPPER.createArrayNode();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    array.add(value(random, depth + 1));
                }
                yield array;
            }
            default -> object(random, depth);
        };
    }
}

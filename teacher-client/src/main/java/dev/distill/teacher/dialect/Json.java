package dev.distill.teacher.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The one JSON reader of this package. */
final class Json {
    /** How long a reply may be says {@link ReplyParts}. */
    private static final StreamReadConstraints ANY_LENGTH =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    // buffers shared by all threads: a thread of its own for each exchange would hold some until its reply has come
    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(ANY_LENGTH)
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final long MOST_TOKENS = 1_000_000_000_000L;

    private Json() {}

    /** A value that was checked to be JSON when the configuration was made. */
    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("teacher.extra: must be JSON; got " + json, e);
        }
    }

    /** In UTF-8; half a surrogate pair, which has no form there, becomes a question mark. */
    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    static boolean isJson(String text) {
        try {
            return !MAPPER.readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** A number of tokens, whatever a server makes of it: from 0 to what no reply has, so that sums stay what they are. */
    static long count(JsonNode node) {
        return node.isNumber() ? Math.clamp(node.asLong(), 0, MOST_TOKENS) : 0;
    }

    /** 0.6 as {@code 0.6}, 1.0 as {@code 1}: one spelling for each value. */
    static String number(double value) {
        BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
        return exact.toPlainString();
    }

    /** A text with its quotes. */
    static String text(String value) {
        return TextNode.valueOf(value).toString();
    }

    /** Values in JSON, by name, as an object. */
    static ObjectNode object(Map<String, String> fields) {
        ObjectNode object = MAPPER.createObjectNode();
        fields.forEach((name, json) -> object.set(name, read(json)));
        return object;
    }

    /** Puts a field; an object goes into one that is there. */
    static void put(ObjectNode target, String name, JsonNode value) {
        if (target.get(name) instanceof ObjectNode there && value instanceof ObjectNode added) {
            merge(there, added);
        } else {
            target.set(name, value);
        }
    }

    /** Puts all fields of an object. */
    static void merge(ObjectNode target, ObjectNode added) {
        added.properties().forEach(field -> put(target, field.getKey(), field.getValue()));
    }

    /** The second of two values, or where both are objects the first with what the second says. */
    static String merged(String first, String second) {
        if (isJson(second) && read(first) instanceof ObjectNode target && read(second) instanceof ObjectNode added) {
            merge(target, added);
            return target.toString();
        }
        return second;
    }
}

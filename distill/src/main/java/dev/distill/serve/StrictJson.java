package dev.distill.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a request's body: one JSON object in UTF-8 (RFC 8259), no key twice, nothing behind it, not nested deeply, its strings
 * well-formed. What clients and servers read differently is refused, not guessed.
 */
final class StrictJson {
    private static final int DEPTH = 32;
    private static final int NAME_CHARACTERS = 256;
    private static final int NUMBER_CHARACTERS = 64;
    private static final int LONGEST_DETAIL = 200;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxNameLength(NAME_CHARACTERS)
                    .maxNumberLength(NUMBER_CHARACTERS)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES) // a table of clients' words would only grow
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private StrictJson() {}

    /** @throws ApiError 400 if it is anything else */
    static ObjectNode read(byte[] body) throws ApiError {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiError.invalid(null, "the body is not UTF-8");
        }
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                requireCharacters(object);
                return object;
            }
        } catch (JsonProcessingException e) {
            String detail = String.valueOf(e.getOriginalMessage()).replaceAll("[\\s\\p{Cntrl}]+", " ");
            throw ApiError.invalid(
                    null,
                    "the body is not JSON that can be read: "
                            + detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL)));
        }
        throw ApiError.invalid(null, "the body must be a JSON object");
    }

    /** No half of a surrogate pair, which an escape can bring in and UTF-8 cannot say. */
    private static void requireCharacters(JsonNode node) throws ApiError {
        if (node.isTextual()) {
            requireCharacters(node.textValue());
        }
        for (String name : (Iterable<String>) node::fieldNames) {
            requireCharacters(name);
        }
        for (JsonNode inner : node) {
            requireCharacters(inner);
        }
    }

    private static void requireCharacters(String text) throws ApiError {
        if (!StandardCharsets.UTF_16.newEncoder().canEncode(text)) {
            throw ApiError.invalid(null, "a string holds half of a surrogate pair, which is no character");
        }
    }
}

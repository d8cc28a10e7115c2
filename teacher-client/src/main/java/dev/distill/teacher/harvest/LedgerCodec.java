package dev.distill.teacher.harvest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A ledger entry as bytes: one letter for its kind ({@code Q}, {@code C}, {@code A}, {@code F}, {@code G}, {@code L}; {@code K} of keys; {@code B}, {@code S}, {@code O} of batches), the unit's id in
 * 32 characters, then JSON in UTF-8. Kind and unit come first so that a reader finds what it looks for without parsing the rest.
 */
final class LedgerCodec {
    private static final StreamReadConstraints ANY_LENGTH =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    // buffers shared by all threads: each unit that is under way has one of its own
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(ANY_LENGTH)
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .build();

    /** For {@link #decodeWithoutTexts}, which few threads call, and each of them very often: a buffer for each thread. */
    private static final JsonFactory MANY = JsonFactory.builder()
            .streamReadConstraints(ANY_LENGTH)
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    /** Fields that {@link #decodeWithoutTexts} passes over. */
    private static final Set<String> TEXTS = Set.of("reasoning", "answer", "raw", "tokens", "content");

    private static final int UNIT_AT = 1;
    private static final int JSON_AT = UNIT_AT + 32;

    private LedgerCodec() {}

    static byte[] encode(LedgerEntry entry) {
        ObjectNode json = JSON.createObjectNode();
        char kind = EntryWriter.write(json, entry);
        try {
            // half a surrogate pair, which has no form in UTF-8, becomes a question mark
            return (kind + entry.unit() + JSON.writeValueAsString(json)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    /** Whether this is the record of a completed unit. */
    static boolean isCompleted(byte[] bytes) {
        return bytes.length > JSON_AT && bytes[0] == 'C';
    }

    /** The unit that a record is about. */
    static String unit(byte[] bytes) {
        return new String(bytes, UNIT_AT, JSON_AT - UNIT_AT, StandardCharsets.US_ASCII);
    }

    static LedgerEntry decode(byte[] bytes) {
        try {
            return read(bytes, JSON.readTree(bytes, JSON_AT, bytes.length - JSON_AT));
        } catch (IOException e) {
            throw noJson(e);
        }
    }

    /** The same without the texts and tokens of replies, which are nearly all of it: for who adds up. */
    static LedgerEntry decodeWithoutTexts(byte[] bytes) {
        ObjectNode json = JSON.createObjectNode();
        try (JsonParser parser = MANY.createParser(bytes, JSON_AT, bytes.length - JSON_AT)) {
            parser.nextToken();
            for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                parser.nextToken();
                if (TEXTS.contains(field)) {
                    continue;
                }
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    json.put(field, parser.getText()); // most are, and a reader of trees costs more than they do
                } else {
                    json.set(field, JSON.<JsonNode>readTree(parser));
                }
            }
            return read(bytes, json);
        } catch (IOException e) {
            throw noJson(e);
        }
    }

    private static IllegalStateException noJson(IOException e) {
        return new IllegalStateException("ledger: a record is no JSON, though its checksum is right", e);
    }

    private static LedgerEntry read(byte[] bytes, JsonNode json) throws IOException {
        return EntryReader.read((char) bytes[0], unit(bytes), json);
    }
}

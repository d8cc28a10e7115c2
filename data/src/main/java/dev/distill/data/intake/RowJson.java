package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;

/** How rows are read as JSON, and what its values are called in messages for people. */
final class RowJson {
    static final ObjectMapper READER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // 0.10 is read as it is written.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Digits behind or before the point, beyond which a number is left as it is written: 1e999999999 has a thousand million. */
    private static final int PLAIN = 400;

    private RowJson() {}

    /** A text, or a number in the digits of the file and without an exponent. */
    static String label(JsonNode value) {
        if (!value.isBigDecimal()) {
            return value.asText();
        }
        BigDecimal number = value.decimalValue();
        return Math.abs(number.scale()) > PLAIN ? number.toString() : number.toPlainString();
    }

    /** What is wrong with a JSON text, without the parser's words for where it reads from. */
    static String problem(JsonProcessingException e) {
        String what = e.getOriginalMessage()
                .replaceAll("\\s*\\([^()]*\\[Source: .*?]\\)", "")
                .replaceAll("\\s*(?:at )?\\[Source: .*?]", "");
        JsonLocation at = e.getLocation();
        return "is no JSON (" + what + (at == null ? "" : ", at column " + at.getColumnNr()) + ")";
    }

    /** A value for a person: what it is, and where it is short itself. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case BINARY, POJO -> "bytes";
            case BOOLEAN -> "the boolean " + node;
            case MISSING -> "nothing";
            case NULL -> "null";
            case NUMBER -> "the number " + node;
            case OBJECT -> "an object";
            case STRING -> "a text";
        };
    }
}

package dev.distill.data.tokenize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a {@code tokenizer.json}: {@code model.vocab} (an object for BPE and WordPiece, an array of pairs for
 * Unigram) and {@code added_tokens}. Read as a stream, for the merges beside them make most of the file.
 */
final class TokenIds {
    private final Map<String, Integer> ids = new HashMap<>();
    private int highest = -1;

    /** @throws IOException if this is no JSON, or has no vocabulary */
    static TokenIds read(byte[] json) throws IOException {
        TokenIds result = new TokenIds();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("model") && value == JsonToken.START_OBJECT) {
                    result.readModel(parser);
                } else if (field.equals("added_tokens") && value == JsonToken.START_ARRAY) {
                    result.readAdded(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (result.highest < 0) {
            throw new IOException("it has no model.vocab");
        }
        return result;
    }

    /** The id of this token; null where there is none. */
    @Nullable
    Integer id(String token) {
        return ids.get(token);
    }

    /** One more than the highest id. */
    int size() {
        return highest + 1;
    }

    private void put(String token, int id) {
        ids.put(token, id);
        highest = Math.max(highest, id);
    }

    private void readModel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!field.equals("vocab")) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String token = parser.currentName();
                    parser.nextToken();
                    put(token, parser.getIntValue());
                }
            } else if (value == JsonToken.START_ARRAY) {
                for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
                    put(parser.nextTextValue(), id);
                    parser.nextToken(); // its score
                    parser.nextToken(); // the end of the pair
                }
            }
        }
    }

    private void readAdded(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String content = null;
            int id = -1;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("content")) {
                    content = parser.getText();
                } else if (field.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
                    id = parser.getIntValue();
                } else {
                    parser.skipChildren();
                }
            }
            if (content == null || id < 0) {
                throw new IOException("an entry of added_tokens lacks its content or its id");
            }
            put(content, id);
        }
    }
}

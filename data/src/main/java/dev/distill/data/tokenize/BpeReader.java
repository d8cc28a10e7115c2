package dev.distill.data.tokenize;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code tokenizer.json} for {@link BpeTokenizer}. The vocabulary and the merges, most of the file, are read as a stream, the
 * rest as a tree. Whatever could give other ids than Hugging Face's library does is refused.
 */
final class BpeReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Map<String, Integer> vocabulary = new HashMap<>(1 << 18);
    /** Left and right part of each merge. */
    private final List<String> merges = new ArrayList<>(1 << 18);

    /** Fields of the model beside vocabulary and merges. */
    private final ObjectNode model = JsonNodeFactory.instance.objectNode();

    /** Fields of the file beside the model. */
    private final ObjectNode root = JsonNodeFactory.instance.objectNode();

    BpeReader(String name) {
        this.name = name;
    }

    /**
     * @throws IOException if this is no JSON, or has no vocabulary
     * @throws TokenizerException if it is a tokenizer of another kind
     */
    BpeModel read(byte[] json) throws IOException {
        try (JsonParser parser = JSON.getFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                if (parser.nextToken() == JsonToken.START_OBJECT && field.equals("model")) {
                    readModel(parser);
                } else {
                    root.set(field, parser.readValueAs(JsonNode.class));
                }
            }
        }
        checkModel();
        BpeSteps steps = BpeSteps.of(root, this::unsupported);
        int[] byteIds = byteIds();
        AddedTokens added = AddedTokens.read(root.path("added_tokens"), vocabulary, this::unsupported);
        Map<String, Integer> ids = new HashMap<>(vocabulary);
        ids.putAll(added.ids());
        int size = ids.values().stream().mapToInt(id -> id).max().orElse(-1) + 1;
        return new BpeModel(
                added.exact(),
                steps.composesUnicode(),
                added.normalized(steps.composesUnicode()),
                steps.scanners(),
                model.path("ignore_merges").asBoolean(),
                vocabulary,
                byteIds,
                merges(),
                added.bytes(ids, size),
                ids,
                size);
    }

    private void readModel(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String token = parser.currentName();
                    parser.nextToken();
                    vocabulary.put(token, parser.getIntValue());
                }
            } else if (field.equals("merges") && value == JsonToken.START_ARRAY) {
                readMerges(parser);
            } else if (field.equals("vocab")) {
                parser.skipChildren(); // of Unigram
                model.put("type", model.path("type").asText("Unigram"));
            } else {
                model.set(field, parser.readValueAs(JsonNode.class));
            }
        }
    }

    /** Each a text "left right", or, since tokenizers 0.20, an array of both. */
    private void readMerges(JsonParser parser) throws IOException {
        for (JsonToken each = parser.nextToken(); each != JsonToken.END_ARRAY; each = parser.nextToken()) {
            if (each == JsonToken.START_ARRAY) {
                add(parser.nextTextValue(), parser.nextTextValue());
                if (parser.nextToken() != JsonToken.END_ARRAY) {
                    throw new IOException("a merge has more than two parts");
                }
            } else {
                String both = parser.getText();
                int space = both.indexOf(' ');
                if (space < 0 || space != both.lastIndexOf(' ')) {
                    throw new IOException("merge \"" + both + "\" must be two tokens, a space between them");
                }
                add(both.substring(0, space), both.substring(space + 1));
            }
        }
    }

    private void add(@Nullable String left, @Nullable String right) throws IOException {
        if (left == null || right == null) {
            throw new IOException("a merge must be two texts");
        }
        merges.add(left);
        merges.add(right);
    }

    private void checkModel() throws IOException {
        String type = model.path("type").asText("BPE");
        if (!type.equals("BPE")) {
            throw unsupported("its model is " + type + ", not BPE");
        }
        if (vocabulary.isEmpty()) {
            throw new IOException("it has no model.vocab");
        }
        if (model.path("dropout").asDouble() != 0) {
            throw new TokenizerException(
                    Fault.FILE,
                    "tokenizer " + name
                            + ": model.dropout must be null, or the same text gets other ids each time; got "
                            + model.path("dropout"),
                    null);
        }
        for (String part : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.path(part).asText("").isEmpty()) {
                throw unsupported("model." + part + " is \"" + model.path(part).asText() + "\"");
            }
        }
    }

    /** A byte without a token is left out of words; but not where an unknown token or tokens such as &lt;0x04&gt; stand in for it. */
    private int[] byteIds() {
        boolean standIn =
                model.hasNonNull("unk_token") || model.path("byte_fallback").asBoolean();
        int[] ids = new int[0x100];
        for (int b = 0; b < ids.length; b++) {
            ids[b] = vocabulary.getOrDefault(String.valueOf(ByteAlphabet.letter(b)), -1);
            boolean inUtf8 = b < 0xC0 || (b >= 0xC2 && b < 0xF5);
            if (ids[b] < 0 && inUtf8 && standIn) {
                throw unsupported("byte 0x%02X is no token of it, and something else stands for it".formatted(b));
            }
        }
        return ids;
    }

    private BpeMerges merges() throws IOException {
        BpeMerges table = new BpeMerges(merges.size() / 2);
        for (int i = 0; i < merges.size(); i += 2) {
            String left = merges.get(i);
            String right = merges.get(i + 1);
            table.add(id(left), id(right), id(left + right));
        }
        return table;
    }

    private int id(String token) throws IOException {
        Integer id = vocabulary.get(token);
        if (id == null) {
            throw new IOException("its merges need \"" + token + "\", which is not in model.vocab");
        }
        return Objects.requireNonNull(id);
    }

    private TokenizerException unsupported(String what) {
        return new TokenizerException(
                Fault.UNSUPPORTED,
                "tokenizer " + name + ": " + what
                        + "; the byte-level BPE in Java cannot run it, Hugging Face's library may",
                null);
    }
}

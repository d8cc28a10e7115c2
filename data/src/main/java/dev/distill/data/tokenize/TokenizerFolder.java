package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** More tokens for the tokenizer of a model's folder: {@code tokenizer.json}, and {@code tokenizer_config.json} where there is one. */
public final class TokenizerFolder {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String CONFIG = "tokenizer_config.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerFolder() {}

    /**
     * Writes the tokenizer of one folder into another with these tokens added, behind all that it has; those that it has already stay as they
     * are. Nothing else of the files changes.
     *
     * @return the new tokens by id
     */
    public static SequencedMap<Integer, AddedToken> write(Path from, Path to, List<AddedToken> tokens)
            throws IOException {
        SequencedMap<Integer, AddedToken> fresh = new LinkedHashMap<>();
        try (Tokenizer tokenizer = TokenizerFile.open(from)) {
            for (AddedToken token : tokens) {
                if (tokenizer.id(token.text()).isEmpty() && !fresh.containsValue(token)) {
                    fresh.put(tokenizer.vocabularySize() + fresh.size(), token);
                }
            }
        }
        ObjectNode definition = object(from.resolve(TOKENIZER));
        ArrayNode added = definition.withArray("added_tokens");
        fresh.forEach((id, token) ->
                added.add(TokenizerJson.flags(JSON.createObjectNode().put("id", id), token)));
        write(to.resolve(TOKENIZER), definition);
        if (Files.exists(from.resolve(CONFIG))) {
            ObjectNode config = object(from.resolve(CONFIG));
            if (config.path("added_tokens_decoder") instanceof ObjectNode decoder) {
                fresh.forEach((id, token) ->
                        decoder.set(Integer.toString(id), TokenizerJson.flags(JSON.createObjectNode(), token)));
            }
            write(to.resolve(CONFIG), config);
        }
        return fresh;
    }

    private static ObjectNode object(Path file) throws IOException {
        JsonNode tree = JSON.readTree(file.toFile());
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw new IOException(file + ": must be a JSON object");
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        AtomicFile.write(file, json.toPrettyString() + "\n");
    }
}

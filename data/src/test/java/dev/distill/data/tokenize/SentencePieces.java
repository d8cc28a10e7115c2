package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small tokenizers of SentencePiece's kind: words begin with U+2581, and what has no token falls back to bytes. */
final class SentencePieces {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PIECES =
            List.of("\u2581", "\u2581two", "\u2581and", "\u2581\u2581", "four", ".", "a", "é", "你", "\uFFFD", "</x>");

    private SentencePieces() {}

    /** Decodes as Llama 2's and Mistral's: bytes put together, the first space dropped. */
    static HfTokenizer withByteFallback() throws IOException {
        return open("""
                {"type": "Sequence", "decoders": [
                  {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                  {"type": "ByteFallback"}, {"type": "Fuse"},
                  {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}""");
    }

    /** Decodes as T5's: the same tokens, but {@code <0xE4>} is written as it stands. */
    static HfTokenizer withMetaspace() throws IOException {
        return open("""
                {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true}""");
    }

    /** A byte's id is the byte and 3. */
    private static HfTokenizer open(String decoder) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE").put("byte_fallback", true).put("unk_token", "<unk>");
        model.putArray("merges");
        ObjectNode vocabulary = model.putObject("vocab");
        for (String special : List.of("<unk>", "<s>", "</s>")) {
            added.addObject()
                    .put("id", vocabulary.size())
                    .put("content", special)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
            vocabulary.put(special, vocabulary.size());
        }
        for (int b = 0; b < 0x100; b++) {
            vocabulary.put("<0x%02X>".formatted(b), vocabulary.size());
        }
        PIECES.forEach(piece -> vocabulary.put(piece, vocabulary.size()));
        root.set("decoder", JSON.readTree(decoder));
        return HfTokenizer.of(root.toString().getBytes(StandardCharsets.UTF_8), "test");
    }
}

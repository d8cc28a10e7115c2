package dev.distill.data.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer and the chat template in a GGUF file's metadata, turned into the {@code tokenizer.json} that says the same.
 * Byte-level BPE alone ({@code tokenizer.ggml.model} "gpt2") with the word rules of our families; everything else is
 * refused, for a guess would give ids that the model was not trained with. Source of keys and token types: the GGUF
 * specification in ggml's {@code docs/gguf.md}.
 */
public final class GgufTokenizer {
    private static final String KEYS = "tokenizer.ggml.";
    private static final long NORMAL = 1;
    private static final long UNKNOWN = 2;
    private static final long CONTROL = 3;
    private static final long USER_DEFINED = 4;
    private static final long UNUSED = 5;

    /** Names in {@code tokenizer_config.json}, with the keys of their ids. */
    private static final Map<String, String> SPECIAL = Map.of(
            "bos_token", "bos_token_id",
            "eos_token", "eos_token_id",
            "unk_token", "unknown_token_id",
            "sep_token", "seperator_token_id", // as the specification spells it
            "pad_token", "padding_token_id");

    private final Map<String, ?> metadata;
    private final String name;
    private final List<String> tokens;
    private final byte[] json;

    private GgufTokenizer(Map<String, ?> metadata, String name) {
        this.metadata = metadata;
        this.name = name;
        this.tokens = texts("tokens");
        try {
            this.json = new ObjectMapper().writeValueAsBytes(definition().json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can be written", e);
        }
    }

    /**
     * Reads it.
     *
     * @param metadata of the whole file: numbers as Long, texts as String, lists as List
     * @param name of the file, for messages
     * @throws TokenizerException if the file has no tokenizer, or one of another kind
     */
    public static GgufTokenizer of(Map<String, ?> metadata, String name) {
        return new GgufTokenizer(metadata, name);
    }

    /** The tokenizer, ready to use. */
    public HfTokenizer open() {
        return HfTokenizer.of(json, name);
    }

    /** The chat template; empty where the file has none, as base models' files. */
    public Optional<String> chatTemplate() {
        return metadata.get("tokenizer.chat_template") instanceof String template
                ? Optional.of(template)
                : Optional.empty();
    }

    /** The texts of the special tokens by Hugging Face's names, for example {@code eos_token}. */
    public Map<String, String> specialTokens() {
        Map<String, String> special = new TreeMap<>();
        SPECIAL.forEach((token, key) -> id(key).ifPresent(id -> special.put(token, tokens.get(id))));
        return special;
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}, as a Hugging Face folder has them. */
    public List<String> write(Path folder) throws IOException {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        specialTokens().forEach(config::put);
        config.put("clean_up_tokenization_spaces", false);
        chatTemplate().ifPresent(template -> config.put("chat_template", template));
        Files.createDirectories(folder);
        Files.write(folder.resolve("tokenizer.json"), json);
        Files.writeString(folder.resolve("tokenizer_config.json"), config.toPrettyString() + "\n");
        return List.of("tokenizer.json", "tokenizer_config.json");
    }

    private BpeDefinition definition() {
        WordRule words = words();
        List<?> types = list("token_type");
        if (types.size() != tokens.size()) {
            throw bad("token_type must have an entry for each of " + tokens.size() + " tokens; it has " + types.size());
        }
        SequencedMap<String, Integer> vocabulary = LinkedHashMap.newLinkedHashMap(tokens.size());
        SequencedMap<Integer, AddedToken> added = new LinkedHashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            AddedToken token = added(id, types.get(id));
            if (token != null) {
                added.put(id, token);
            }
            if (!Objects.equals(types.get(id), UNUSED) && vocabulary.put(tokens.get(id), id) != null) {
                throw bad("token \"" + tokens.get(id) + "\" stands twice");
            }
        }
        boolean begins = Objects.equals(metadata.get(KEYS + "add_bos_token"), true);
        OptionalInt begin = begins ? id("bos_token_id") : OptionalInt.empty();
        return new BpeDefinition(
                vocabulary,
                texts("merges"),
                added,
                words,
                begin.isPresent() && added.containsKey(begin.getAsInt()) ? begin : OptionalInt.empty());
    }

    /** Null for a token of the BPE itself, and for one that only fills the vocabulary up. */
    private @Nullable AddedToken added(int id, Object type) {
        if (type instanceof Long number) {
            if (number == NORMAL || number == UNUSED) {
                return null;
            }
            if ((number == UNKNOWN || number == CONTROL || number == USER_DEFINED)
                    && !tokens.get(id).isEmpty()) {
                return new AddedToken(tokens.get(id), number != USER_DEFINED);
            }
        }
        throw bad("token " + id + " \"" + tokens.get(id) + "\" has type " + type
                + ", which a byte-level BPE does not have");
    }

    private WordRule words() {
        Object model = metadata.get(KEYS + "model");
        if (!"gpt2".equals(model)) {
            throw bad("its kind (tokenizer.ggml.model) must be gpt2, a byte-level BPE; got " + model
                    + ("llama".equals(model) ? ", which is SentencePiece" : "")
                    + ". Give the Hugging Face folder that the file was made from");
        }
        Object rule = metadata.get(KEYS + "pre");
        return WordRule.ofGguf(String.valueOf(rule))
                .orElseThrow(() -> bad("its word rule (tokenizer.ggml.pre) must be one of " + WordRule.namesInGguf()
                        + "; got " + rule + ". Give the Hugging Face folder that the file was made from"));
    }

    private OptionalInt id(String key) {
        return metadata.get(KEYS + key) instanceof Long id && id >= 0 && id < tokens.size()
                ? OptionalInt.of(id.intValue())
                : OptionalInt.empty();
    }

    private List<?> list(String key) {
        if (metadata.get(KEYS + key) instanceof List<?> list) {
            return list;
        }
        throw bad("it has no " + KEYS + key + "; is it a file of weights alone?");
    }

    private List<String> texts(String key) {
        List<?> list = list(key);
        if (!list.stream().allMatch(String.class::isInstance)) {
            throw bad(KEYS + key + " must be a list of texts");
        }
        return list.stream().map(String.class::cast).toList();
    }

    private TokenizerException bad(String what) {
        return new TokenizerException(Fault.FILE, "tokenizer in " + name + ": " + what, null);
    }
}

package dev.distill.data.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * The tokenizer and the chat template in a GGUF file's metadata, turned into the {@code tokenizer.json} that says the same.
 * Byte-level BPE ({@code tokenizer.ggml.model} "gpt2") with the word rules of our families, and the BPE of SentencePiece ("llama"); everything
 * else is refused, for a guess would give ids that the model was not trained with. Source of keys and token types: the GGUF specification in
 * ggml's {@code docs/gguf.md}.
 */
public final class GgufTokenizer {
    private static final String KEYS = "tokenizer.ggml.";
    private static final String CURE = "Give the Hugging Face folder that the file was made from";
    private static final long NORMAL = 1;
    private static final long UNKNOWN = 2;
    private static final long CONTROL = 3;
    private static final long USER_DEFINED = 4;
    private static final long UNUSED = 5;
    private static final long BYTE = 6;

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
            this.json = new ObjectMapper().writeValueAsBytes(definition());
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
    public Tokenizer open() {
        return new TokenizerFile(json, name).open();
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

    private ObjectNode definition() {
        Object model = metadata.get(KEYS + "model");
        if ("gpt2".equals(model)) {
            return byteLevel().json();
        }
        if ("llama".equals(model)) {
            return sentencePiece().json();
        }
        throw bad(
                "its kind (tokenizer.ggml.model) must be gpt2, a byte-level BPE, or llama, a BPE of SentencePiece; got "
                        + model + ". " + CURE);
    }

    private BpeDefinition byteLevel() {
        Object name = metadata.get(KEYS + "pre");
        WordRule words = WordRule.ofGguf(String.valueOf(name))
                .orElseThrow(() -> bad("its word rule (tokenizer.ggml.pre) must be one of " + WordRule.namesInGguf()
                        + "; got " + name + ". " + CURE));
        Vocabulary all = vocabulary();
        if (!all.bytes.isEmpty()) {
            int id = all.bytes.nextSetBit(0);
            throw bad("token " + id + " \"" + tokens.get(id) + "\" has type 6, which a byte-level BPE does not have");
        }
        return new BpeDefinition(all.ids, texts("merges"), all.added, words, begin(all, false));
    }

    private SentencePieceDefinition sentencePiece() {
        if (metadata.containsKey(KEYS + "precompiled_charsmap")
                || Objects.equals(metadata.get(KEYS + "remove_extra_whitespaces"), true)) {
            throw bad("it rewrites texts (precompiled_charsmap, remove_extra_whitespaces) before it cuts them, which "
                    + "Llama's do not. " + CURE);
        }
        Vocabulary all = vocabulary();
        BitSet pieces = new BitSet();
        all.ids.values().forEach(pieces::set);
        all.added.keySet().forEach(pieces::clear);
        pieces.andNot(all.bytes);
        OptionalInt unknown = id("unknown_token_id");
        return new SentencePieceDefinition(
                all.ids,
                scores(),
                pieces,
                all.added,
                tokens.get(unknown.orElse(0)), // SentencePiece's own default
                begin(all, true),
                flag("add_space_prefix", true));
    }

    /**
     * What the lists of tokens and of their types say.
     *
     * @param ids every token that is used, with its id
     * @param added of them those that stand for their exact text
     * @param bytes of them those that stand for one byte
     */
    private record Vocabulary(
            SequencedMap<String, Integer> ids, SequencedMap<Integer, AddedToken> added, BitSet bytes) {}

    private Vocabulary vocabulary() {
        List<?> types = list("token_type", tokens.size());
        Vocabulary all =
                new Vocabulary(LinkedHashMap.newLinkedHashMap(tokens.size()), new LinkedHashMap<>(), new BitSet());
        for (int id = 0; id < tokens.size(); id++) {
            String text = tokens.get(id);
            long type = types.get(id) instanceof Long number ? number : -1;
            if (type == UNUSED) {
                continue; // only fills the vocabulary up
            }
            boolean exact = type == UNKNOWN || type == CONTROL || type == USER_DEFINED;
            if (exact && !text.isEmpty()) {
                all.added.put(id, new AddedToken(text, type != USER_DEFINED));
            } else if (type == BYTE) {
                all.bytes.set(id);
            } else if (type != NORMAL) {
                throw bad("token " + id + " \"" + text + "\" has type " + types.get(id) + ", which no tokenizer has");
            }
            if (all.ids.put(text, id) != null) {
                throw bad("token \"" + text + "\" stands twice");
            }
        }
        return all;
    }

    private float[] scores() {
        List<?> list = list("scores", tokens.size());
        float[] scores = new float[list.size()];
        for (int id = 0; id < scores.length; id++) {
            if (!(list.get(id) instanceof Number score)) {
                throw bad("scores must be numbers; that of token " + id + " is " + list.get(id));
            }
            scores[id] = score.floatValue();
        }
        return scores;
    }

    private OptionalInt begin(Vocabulary all, boolean unlessSaid) {
        OptionalInt begin = flag("add_bos_token", unlessSaid) ? id("bos_token_id") : OptionalInt.empty();
        return begin.isPresent() && all.added.containsKey(begin.getAsInt()) ? begin : OptionalInt.empty();
    }

    private boolean flag(String key, boolean unlessSaid) {
        return metadata.get(KEYS + key) instanceof Boolean flag ? flag : unlessSaid;
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

    private List<?> list(String key, int size) {
        List<?> list = list(key);
        if (list.size() != size) {
            throw bad(key + " must have an entry for each of " + size + " tokens; it has " + list.size());
        }
        return list;
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

package dev.distill.data.tokenize;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A byte-level BPE tokenizer as Hugging Face writes it: {@code tokenizer.json}, which holds all that encoding needs, and
 * {@code tokenizer_config.json}, which says which tokens mean what. Loads in {@code transformers} as a {@code
 * PreTrainedTokenizerFast}, and in {@link HfTokenizer}.
 */
public final class BpeTokenizerFile {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<String> tokens;
    private final List<String> merges;
    private final List<AddedToken> added;

    /**
     * @param tokens bytes and merged tokens in {@link ByteAlphabet}'s letters; the index is the id
     * @param merges the two parts of each merge, a space between them, the first learnt first
     * @param added get the ids after {@code tokens}
     */
    BpeTokenizerFile(List<String> tokens, List<String> merges, List<AddedToken> added) {
        this.tokens = List.copyOf(tokens);
        this.merges = List.copyOf(merges);
        this.added = List.copyOf(added);
    }

    /** Bytes, merges and added tokens. */
    public int vocabularySize() {
        return tokens.size() + added.size();
    }

    /**
     * Writes both files into this folder, which is made if need be.
     *
     * @param endOfText the token that ends a document, and that pads; one of the added tokens
     * @param endOfTurn the token at which generation stops; one of the added tokens
     * @param chatTemplate Jinja; null for none
     */
    public void write(Path folder, String endOfText, String endOfTurn, @Nullable String chatTemplate)
            throws IOException {
        requireAdded(endOfText);
        requireAdded(endOfTurn);
        Files.createDirectories(folder);
        write(folder.resolve("tokenizer.json"), definition());
        write(folder.resolve("tokenizer_config.json"), config(endOfText, endOfTurn, chatTemplate));
    }

    private void requireAdded(String token) {
        if (added.stream().noneMatch(a -> a.text().equals(token))) {
            throw new IllegalArgumentException("tokenizer: \"" + token + "\" must be one of the added tokens; they are "
                    + added.stream().map(AddedToken::text).toList());
        }
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        new ObjectMapper().writer(printer).writeValue(file.toFile(), json);
    }

    private ObjectNode definition() {
        ObjectNode root = JSON.objectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        root.set("added_tokens", addedTokens());
        root.putNull("normalizer");
        ObjectNode split = JSON.objectNode();
        split.put("type", "Split");
        split.putObject("pattern").put("Regex", BpeTrainer.WORDS);
        split.put("behavior", "Isolated");
        split.put("invert", false);
        ObjectNode preTokenizer = root.putObject("pre_tokenizer");
        preTokenizer.put("type", "Sequence");
        preTokenizer.putArray("pretokenizers").add(split).add(byteLevel());
        root.set("post_processor", byteLevel());
        root.set("decoder", byteLevel());
        root.set("model", model());
        return root;
    }

    private static ObjectNode byteLevel() {
        ObjectNode node = JSON.objectNode();
        node.put("type", "ByteLevel");
        node.put("add_prefix_space", false);
        node.put("trim_offsets", false);
        node.put("use_regex", false);
        return node;
    }

    private ObjectNode model() {
        ObjectNode model = JSON.objectNode();
        model.put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.put("continuing_subword_prefix", "");
        model.put("end_of_word_suffix", "");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(tokens.get(id), id);
        }
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(pairs::add);
        return model;
    }

    private ArrayNode addedTokens() {
        ArrayNode array = JSON.arrayNode();
        for (int i = 0; i < added.size(); i++) {
            array.add(flags(JSON.objectNode().put("id", tokens.size() + i), added.get(i)));
        }
        return array;
    }

    private static ObjectNode flags(ObjectNode node, AddedToken token) {
        node.put("content", token.text());
        node.put("single_word", false);
        node.put("lstrip", false);
        node.put("rstrip", false);
        node.put("normalized", false);
        node.put("special", token.special());
        return node;
    }

    private ObjectNode config(String endOfText, String endOfTurn, @Nullable String chatTemplate) {
        ObjectNode config = JSON.objectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        ObjectNode decoder = config.putObject("added_tokens_decoder");
        for (int i = 0; i < added.size(); i++) {
            decoder.set(Integer.toString(tokens.size() + i), flags(JSON.objectNode(), added.get(i)));
        }
        config.putNull("bos_token");
        config.put("eos_token", endOfTurn);
        config.put("pad_token", endOfText);
        config.putNull("unk_token");
        config.put("clean_up_tokenization_spaces", false);
        if (chatTemplate != null) {
            config.put("chat_template", chatTemplate);
        }
        return config;
    }
}

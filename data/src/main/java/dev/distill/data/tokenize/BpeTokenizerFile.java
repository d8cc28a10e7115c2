package dev.distill.data.tokenize;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
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
        SequencedMap<String, Integer> vocabulary = new LinkedHashMap<>();
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        SequencedMap<Integer, AddedToken> behind = new LinkedHashMap<>();
        added.forEach(token -> behind.put(tokens.size() + behind.size(), token));
        return new BpeDefinition(vocabulary, merges, behind, WordRule.OWN, OptionalInt.empty()).json();
    }

    private ObjectNode config(String endOfText, String endOfTurn, @Nullable String chatTemplate) {
        ObjectNode config = JSON.objectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        ObjectNode decoder = config.putObject("added_tokens_decoder");
        for (int i = 0; i < added.size(); i++) {
            decoder.set(Integer.toString(tokens.size() + i), TokenizerJson.flags(JSON.objectNode(), added.get(i)));
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

package dev.distill.data.tokenize;

import static dev.distill.data.tokenize.TokenizerJson.JSON;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SequencedMap;

/**
 * A byte-level BPE, as {@code tokenizer.json} states it.
 *
 * @param vocabulary tokens in {@link ByteAlphabet}'s letters, with their ids
 * @param merges the two parts of each merge, a space between them, the first learnt first
 * @param added tokens that stand for their exact text, by id
 * @param begin the added token that Hugging Face's tools put before each text; empty for none. {@link HfTokenizer} never does
 */
record BpeDefinition(
        SequencedMap<String, Integer> vocabulary,
        List<String> merges,
        SequencedMap<Integer, AddedToken> added,
        WordRule words,
        OptionalInt begin) {

    /** The tree of a {@code tokenizer.json}. */
    ObjectNode json() {
        ObjectNode root = TokenizerJson.withTokens(added);
        if (words.composesUnicode()) {
            root.putObject("normalizer").put("type", "NFC");
        } else {
            root.putNull("normalizer");
        }
        root.set("pre_tokenizer", words.preTokenizer());
        root.set("post_processor", postProcessor());
        root.set("decoder", WordRule.byteLevel(false));
        root.set("model", TokenizerJson.bpe(vocabulary, merges).put("ignore_merges", words.takesWholeWords()));
        return root;
    }

    private ObjectNode postProcessor() {
        ObjectNode bytes = WordRule.byteLevel(false);
        if (begin.isEmpty()) {
            return bytes;
        }
        int id = begin.getAsInt();
        AddedToken token = Objects.requireNonNull(added.get(id), "begin is an added token");
        ObjectNode both = JSON.objectNode().put("type", "Sequence");
        both.putArray("processors").add(bytes).add(TokenizerJson.begin(id, token.text()));
        return both;
    }
}

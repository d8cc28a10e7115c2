package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** The tree of a {@code tokenizer.json}. */
    ObjectNode json() {
        ObjectNode root = JSON.objectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode array = root.putArray("added_tokens");
        added.forEach((id, token) -> array.add(flags(JSON.objectNode().put("id", id), token)));
        if (words.composesUnicode()) {
            root.putObject("normalizer").put("type", "NFC");
        } else {
            root.putNull("normalizer");
        }
        root.set("pre_tokenizer", words.preTokenizer());
        root.set("post_processor", postProcessor());
        root.set("decoder", WordRule.byteLevel(false));
        root.set("model", model());
        return root;
    }

    /** What a token is, beside its id. */
    static ObjectNode flags(ObjectNode node, AddedToken token) {
        node.put("content", token.text());
        node.put("single_word", false);
        node.put("lstrip", false);
        node.put("rstrip", false);
        node.put("normalized", false);
        node.put("special", token.special());
        return node;
    }

    private ObjectNode postProcessor() {
        ObjectNode bytes = WordRule.byteLevel(false);
        if (begin.isEmpty()) {
            return bytes;
        }
        String text = Objects.requireNonNull(added.get(begin.getAsInt()), "begin is an added token")
                .text();
        ObjectNode template = JSON.objectNode().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        sequence(single, text, "A", 0);
        ArrayNode pair = template.putArray("pair");
        sequence(pair, text, "A", 0);
        sequence(pair, text, "B", 1);
        ObjectNode special =
                template.putObject("special_tokens").putObject(text).put("id", text);
        special.putArray("ids").add(begin.getAsInt());
        special.putArray("tokens").add(text);
        ObjectNode both = JSON.objectNode().put("type", "Sequence");
        both.putArray("processors").add(bytes).add(template);
        return both;
    }

    private static void sequence(ArrayNode template, String begin, String name, int type) {
        template.addObject().putObject("SpecialToken").put("id", begin).put("type_id", type);
        template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
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
        model.put("ignore_merges", words.takesWholeWords());
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(ids::put);
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(pairs::add);
        return model;
    }
}

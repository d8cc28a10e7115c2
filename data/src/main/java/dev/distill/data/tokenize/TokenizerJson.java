package dev.distill.data.tokenize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SequencedMap;

/** The parts of a {@code tokenizer.json} that every kind of tokenizer has. */
final class TokenizerJson {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private TokenizerJson() {}

    /** A file that neither truncates nor pads, with these added tokens by id, and as yet without its steps. */
    static ObjectNode withTokens(SequencedMap<Integer, AddedToken> added) {
        ObjectNode root = JSON.objectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode array = root.putArray("added_tokens");
        added.forEach((id, token) -> array.add(flags(JSON.objectNode().put("id", id), token)));
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

    /** A model of kind BPE, before its own settings. */
    static ObjectNode bpe(SequencedMap<String, Integer> vocabulary, List<String> merges) {
        ObjectNode model = JSON.objectNode();
        model.put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.put("continuing_subword_prefix", "");
        model.put("end_of_word_suffix", "");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(ids::put);
        ArrayNode pairs = model.putArray("merges");
        merges.forEach(pairs::add);
        return model;
    }

    /** The step that puts this token before each text, in tools that add special tokens. */
    static ObjectNode begin(int id, String text) {
        ObjectNode template = JSON.objectNode().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        sequence(single, text, "A", 0);
        ArrayNode pair = template.putArray("pair");
        sequence(pair, text, "A", 0);
        sequence(pair, text, "B", 1);
        ObjectNode special =
                template.putObject("special_tokens").putObject(text).put("id", text);
        special.putArray("ids").add(id);
        special.putArray("tokens").add(text);
        return template;
    }

    private static void sequence(ArrayNode template, String begin, String name, int type) {
        template.addObject().putObject("SpecialToken").put("id", begin).put("type_id", type);
        template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
    }
}

package dev.distill.data.tokenize;

import static dev.distill.data.tokenize.TokenizerJson.JSON;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SequencedMap;

/**
 * A BPE of SentencePiece (Kudo and Richardson 2018), as Llama 2 and Mistral have one, and the {@code tokenizer.json} that gives the same ids.
 *
 * <p>SentencePiece joins, again and again, the two neighbours whose joint piece has the highest score, and has no list of merges. The list is
 * every cut of every piece into two pieces, by falling score of the whole. A character that is no piece is spelt in its UTF-8 bytes.
 *
 * @param vocabulary all pieces with their ids, {@link #SPACE} for a space
 * @param scores by id
 * @param pieces the ids that stand for text as it is written: neither added tokens nor single bytes
 * @param added tokens that stand for their exact text, by id
 * @param unknown the token for what has neither piece nor bytes
 * @param begin the token that Hugging Face's tools put before each text; empty for none. {@link HfTokenizer} never does
 * @param spaceBefore whether a space is put before a text, and before what follows an added token
 */
record SentencePieceDefinition(
        SequencedMap<String, Integer> vocabulary,
        float[] scores,
        BitSet pieces,
        SequencedMap<Integer, AddedToken> added,
        String unknown,
        OptionalInt begin,
        boolean spaceBefore) {
    static final String SPACE = "\u2581";

    /** The tree of a {@code tokenizer.json}. */
    ObjectNode json() {
        ObjectNode root = TokenizerJson.withTokens(added);
        ObjectNode normalizer = root.putObject("normalizer").put("type", "Sequence");
        ArrayNode steps = normalizer.putArray("normalizers");
        if (spaceBefore) {
            steps.addObject().put("type", "Prepend").put("prepend", SPACE);
        }
        steps.add(replace(" ", SPACE));
        root.putNull("pre_tokenizer"); // it joins across words
        if (begin.isPresent()) {
            int id = begin.getAsInt();
            root.set(
                    "post_processor",
                    TokenizerJson.begin(
                            id,
                            Objects.requireNonNull(added.get(id), "begin is an added token")
                                    .text()));
        } else {
            root.putNull("post_processor");
        }
        root.set("decoder", decoder());
        ObjectNode model = TokenizerJson.bpe(vocabulary, merges());
        model.put("unk_token", unknown).put("fuse_unk", true).put("byte_fallback", true);
        root.set("model", model);
        return root;
    }

    private static ObjectNode replace(String text, String by) {
        ObjectNode replace = JSON.objectNode().put("type", "Replace");
        replace.putObject("pattern").put("String", text);
        return replace.put("content", by);
    }

    private ObjectNode decoder() {
        ObjectNode decoder = JSON.objectNode().put("type", "Sequence");
        ArrayNode steps = decoder.putArray("decoders");
        steps.add(replace(SPACE, " "));
        steps.addObject().put("type", "ByteFallback");
        steps.addObject().put("type", "Fuse");
        if (spaceBefore) {
            steps.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        return decoder;
    }

    /** One cut of a piece. */
    private record Merge(String left, String right, int whole) {}

    private List<String> merges() {
        List<Merge> merges = new ArrayList<>();
        vocabulary.forEach((text, id) -> {
            for (int cut = 1; pieces.get(id) && cut < text.length(); cut++) {
                String left = text.substring(0, cut);
                String right = text.substring(cut);
                if (isPiece(left) && isPiece(right)) {
                    merges.add(new Merge(left, right, id));
                }
            }
        });
        merges.sort(Comparator.<Merge>comparingDouble(merge -> -scores[merge.whole])
                .thenComparingInt(Merge::whole)
                .thenComparingInt(merge -> id(merge.left))
                .thenComparingInt(merge -> id(merge.right)));
        return merges.stream().map(merge -> merge.left + " " + merge.right).toList();
    }

    private boolean isPiece(String text) {
        Integer id = vocabulary.get(text);
        return id != null && pieces.get(id);
    }

    private int id(String piece) {
        return Objects.requireNonNull(vocabulary.get(piece), "a part of a merge is a piece");
    }
}

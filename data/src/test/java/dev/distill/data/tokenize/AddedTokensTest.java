package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddedTokensTest {
    /** Tokens that begin alike, that hold spaces and marks; each with flags by chance. */
    private static final String[] TOKENS = {
        "<a>",
        "<a>b",
        "a",
        "<",
        "é",
        "e\u0301",
        "\u212B",
        " ",
        "  x",
        "x",
        "ab ",
        "\n",
        "<|end|>",
        "\uFF5CUser\uFF5C",
        "_",
        "\u0301"
    };

    private static final String[] PIECES = {
        "<a>",
        "<a",
        ">",
        "b",
        "a",
        "é",
        "e\u0301",
        "e",
        "\u0301",
        "\u212B",
        "A\u030A",
        " ",
        "  ",
        "\t",
        "\u00A0",
        "x",
        "_",
        "1",
        "\u200D",
        "-",
        "\n",
        "<|end|>",
        "\uFF5CUser\uFF5C",
        "ab ",
        "\uD83D\uDE42",
        "\u0903"
    };

    @Test
    void areFoundWhereTheLibraryFindsThem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            ObjectNode definition = Definitions.bytes();
            if (random.nextBoolean()) {
                definition.putObject("normalizer").put("type", "NFC");
            }
            ArrayNode added = definition.putArray("added_tokens");
            int id = 256;
            // A token that begins in white space that the token before has taken stops the library, and with it Java.
            boolean strips = random.nextBoolean();
            for (String token : TOKENS) {
                boolean inVocabulary = token.length() == 1 && ByteAlphabet.value(token.charAt(0)) >= 0;
                if (random.nextBoolean() && !(strips && Character.isWhitespace(token.charAt(0)))) {
                    added.add(flags(random, strips, token, inVocabulary ? ByteAlphabet.value(token.charAt(0)) : id++));
                }
            }
            BpeTokenizer java = Definitions.java(definition);
            try (HfTokenizer library = Definitions.library(definition)) {
                for (int i = 0; i < 60; i++) {
                    StringBuilder text = new StringBuilder();
                    random.ints(random.nextInt(1, 25), 0, PIECES.length).forEach(p -> text.append(PIECES[p]));
                    int[] ids = library.encode(text.toString());
                    assertThat(java.encode(text.toString()))
                            .as("seed %d, round %d: <%s> with %s", seed, round, text, added)
                            .isEqualTo(ids);
                    boolean skip = random.nextBoolean();
                    assertThat(java.decode(ids, skip)).isEqualTo(library.decode(ids, skip));
                }
            }
        }
    }

    private static ObjectNode flags(Random random, boolean strips, String token, int id) {
        ObjectNode node = TokenizerJson.flags(
                TokenizerJson.JSON.objectNode().put("id", id), new AddedToken(token, random.nextBoolean()));
        return node.put("single_word", random.nextInt(3) == 0)
                .put("lstrip", random.nextInt(3) == 0)
                .put("rstrip", strips && random.nextInt(3) == 0)
                .put("normalized", random.nextBoolean());
    }

    @Test
    void mustHaveTheIdsThatTheLibraryGivesThem() {
        ObjectNode definition = Definitions.bytes();
        definition
                .putArray("added_tokens")
                .add(TokenizerJson.flags(TokenizerJson.JSON.objectNode().put("id", 300), AddedToken.special("<e>")));
        assertThatThrownBy(() -> Definitions.java(definition))
                .hasMessage(
                        "tokenizer test: added token \"<e>\" has id 300, but the order of the file gives it another"
                                + " one, or it stands twice; the byte-level BPE in Java cannot run it, Hugging Face's library may");
    }
}

package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTokenizerTest extends TokenizerContract {
    @Override
    Tokenizer open(Path path) {
        return BpeTokenizer.open(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}"})
    void saysThatAFileIsBroken(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> open(file))
                .isInstanceOfSatisfying(
                        TokenizerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.FILE))
                .hasMessageStartingWith("tokenizer " + file + ": not a tokenizer.json");
    }

    @Test
    void namesAMergeOfNoToken() {
        ObjectNode definition = Definitions.bytes();
        ((ObjectNode) definition.path("model")).putArray("merges").add("a b");
        assertThatThrownBy(() -> Definitions.java(definition))
                .hasMessage("tokenizer test: not a tokenizer.json that the tokenizers library can read (its merges need"
                        + " \"ab\", which is not in model.vocab); is the download complete?");
    }

    @Test
    void refusesDropout() {
        ObjectNode definition = Definitions.bytes();
        ((ObjectNode) definition.path("model")).put("dropout", 0.1);
        assertThatThrownBy(() -> new TokenizerFile(Definitions.utf8(definition), "test").open())
                .hasMessage(
                        "tokenizer test: model.dropout must be null, or the same text gets other ids each time; got 0.1");
    }

    /** One word of a megabyte: with quadratic merges this would take hours. */
    @Test
    void oneLongWordHasTheIdsOfTheLibrary() throws IOException {
        ObjectNode definition = Definitions.trained(folder, Tiny.TEXTS, 330);
        Random random = new Random(5);
        String text = random.ints(1 << 20, 0, 9)
                .collect(StringBuilder::new, (s, i) -> s.append("andthesow".charAt(i)), StringBuilder::append)
                .toString();
        try (HfTokenizer library = Definitions.library(definition)) {
            int[] ids = Definitions.java(definition).encode(text);
            assertThat(ids).hasSizeLessThan(text.length()).isEqualTo(library.encode(text));
        }
    }

    /** More words than the cache holds, twice: what is forgotten, and what is found again, has the same ids. */
    @Test
    void moreWordsThanTheCacheHolds() throws IOException {
        ObjectNode definition = Definitions.trained(folder, Tiny.TEXTS, 330);
        List<String> texts = new ArrayList<>();
        Random random = new Random(6);
        for (int i = 0; i < 12; i++) {
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < 3_000; w++) {
                text.append(' ');
                random.ints(random.nextInt(1, 60), 0, 15).forEach(c -> text.append("firstaddthenso等于".charAt(c)));
            }
            texts.add(text.toString());
        }
        texts.addAll(List.copyOf(texts));
        BpeTokenizer java = Definitions.java(definition);
        try (HfTokenizer library = Definitions.library(definition)) {
            for (int i = 0; i < 12; i++) {
                int[] expected = library.encode(texts.get(i));
                assertThat(java.encode(texts.get(i))).as("text %d", i).isEqualTo(expected);
            }
        }
        List<int[]> again = java.encodeAll(texts);
        assertThat(IntStream.range(0, 12))
                .allSatisfy(i ->
                        assertThat(again.get(i + 12)).isEqualTo(again.get(i)).isEqualTo(java.encode(texts.get(i))));
    }

    /** SmolLM's vocabulary lacks bytes, which no text of its training had: they are left out, and what stands around them merges. */
    @Test
    void aByteWithoutATokenIsLeftOut() throws IOException {
        ObjectNode definition = Definitions.trained(folder, List.of("ab ".repeat(9)), 265);
        ((ObjectNode) definition.path("model").path("vocab")).remove(String.valueOf(ByteAlphabet.letter(4)));
        definition.putArray("added_tokens");
        String text = "\u0004ab\u0004 ab\u0004";
        try (HfTokenizer library = Definitions.library(definition)) {
            int ab = definition.at("/model/vocab/ab").asInt();
            assertThat(Definitions.java(definition).encode(text))
                    .startsWith(ab)
                    .hasSize(2)
                    .isEqualTo(library.encode(text));
        }
    }

    @Test
    void tellsWhatRunsIt() throws IOException {
        try (Tokenizer tokenizer = TokenizerFile.open(Tiny.write(folder, 300))) {
            assertThat(tokenizer.engine()).isEqualTo("byte-level BPE in Java");
        }
        try (HfTokenizer sentencePiece = SentencePieces.withByteFallback()) {
            assertThat(sentencePiece.engine()).isEqualTo("Hugging Face's tokenizers, native code");
        }
    }
}

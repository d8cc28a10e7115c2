package dev.distill.data.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine of a byte-level BPE does. */
abstract class TokenizerContract {
    abstract Tokenizer open(Path path);

    private Tokenizer tiny(int vocabularySize) throws IOException {
        return open(Tiny.write(folder, vocabularySize));
    }

    @TempDir
    Path folder;

    @Test
    void neitherCutsNorPadsNorAddsTokens() throws IOException {
        try (Tokenizer tokenizer = tiny(261)) {
            String text = "ab".repeat(5_000);
            assertThat(tokenizer.encode(text)).hasSize(10_000);
            assertThat(tokenizer.encodeAll(List.of("a", text)).get(0)).containsExactly('a');
            assertThat(tokenizer.encode("")).isEmpty();
        }
    }

    @Test
    void recognisesAddedTokensInTheText() throws IOException {
        try (Tokenizer tokenizer = tiny(261)) {
            int[] ids = tokenizer.encode("<|im_start|>a<think>");
            assertThat(ids).containsExactly(257, 'a', 259);
            assertThat(tokenizer.id("<|im_start|>")).hasValue(257);
            assertThat(tokenizer.id("<|no such|>")).isEmpty();
            assertThat(tokenizer.decode(ids, false)).isEqualTo("<|im_start|>a<think>");
            assertThat(tokenizer.decode(ids, true)).isEqualTo("a<think>");
            assertThat(tokenizer.vocabularySize()).isEqualTo(261);
        }
    }

    @Test
    void aTokenHasTheBytesThatItHasWithinAText() throws IOException {
        try (Tokenizer tokenizer = tiny(261)) {
            assertThat(tokenizer.bytes('a')).asString(StandardCharsets.UTF_8).isEqualTo("a");
            assertThat(tokenizer.bytes(259)).asString(StandardCharsets.UTF_8).isEqualTo("<think>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n \t", "🙂👩‍👩‍👧", "多少？", "a\u0000b", "e\u0301 é", "\u202Eabc", "１２３ ٤٥"})
    void decodeUndoesEncode(String text) throws IOException {
        try (Tokenizer tokenizer = tiny(400)) {
            assertThat(tokenizer.decode(tokenizer.encode(text), false)).isEqualTo(text);
            assertThat(tokenizer.encodeAll(List.of(text, text)))
                    .allSatisfy(ids -> assertThat(ids).containsExactly(tokenizer.encode(text)));
        }
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() throws IOException {
        try (Tokenizer tokenizer = tiny(261)) {
            String text = "a\uD83Db\uDE42" + "\uD83D".repeat(100_000);
            assertThat(tokenizer.decode(tokenizer.encode(text), false))
                    .isEqualTo("a\uFFFDb\uFFFD" + "\uFFFD".repeat(100_000));
        }
    }

    @Test
    void bytesThatAreNoTextBecomeTheReplacementCharacter() throws IOException {
        try (Tokenizer tokenizer = tiny(261)) {
            assertThat(tokenizer.decode(new int[] {'a', 0xF0, 0x9F, 'b'}, false))
                    .isEqualTo("a\uFFFDb");
            assertThatThrownBy(() -> tokenizer.decode(new int[] {'a', -1}, false))
                    .isInstanceOf(TokenizerException.class)
                    .hasMessage("tokenizer: a token id is at least 0; got -1 in 2 ids");
        }
    }

    @Test
    void manyThreadsGetTheSameIds() throws IOException {
        try (Tokenizer tokenizer = tiny(400)) {
            List<int[]> expected = Tiny.TEXTS.stream().map(tokenizer::encode).toList();
            Stream<Boolean> same = IntStream.range(0, 400).parallel().mapToObj(i -> {
                int at = i % expected.size();
                return java.util.Arrays.equals(expected.get(at), tokenizer.encode(Tiny.TEXTS.get(at)));
            });
            assertThat(same).containsOnly(true);
        }
    }

    @Test
    void isNamedByTheBytesOfItsFile() throws Exception {
        try (Tokenizer tokenizer = tiny(261)) {
            byte[] file = Files.readAllBytes(folder.resolve("tokenizer.json"));
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(file);
            assertThat(tokenizer.sha256()).isEqualTo(HexFormat.of().formatHex(sha));
        }
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> open(folder))
                .isInstanceOfSatisfying(
                        TokenizerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.FILE))
                .hasMessageContaining(folder.resolve("tokenizer.json").toString())
                .hasMessageContaining("holds a tokenizer.json");
    }
}

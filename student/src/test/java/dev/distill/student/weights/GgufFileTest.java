package dev.distill.student.weights;

import static dev.distill.student.weights.WeightsException.Rule.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** blocks.gguf and blocks.json come from src/test/python/make_gguf_fixture.py: the gguf package's own writer and widening. */
class GgufFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(GgufType.class)
    void everyBlockLayoutIsWidenedLikeTheReference(GgufType type) throws IOException {
        String name = type.name().toLowerCase(java.util.Locale.ROOT);
        JsonNode expected =
                new ObjectMapper().readTree(resource("/gguf/blocks.json")).get(name);
        float[] out = new float[512];
        try (GgufFile file = GgufFile.open(fixture())) {
            assertThat(file.entry(name).type()).isEqualTo(type);
            assertThat(file.entry(name).shape()).containsExactly(2L, 256L);
            file.widen(name, MemorySegment.ofArray(out));
        }
        for (int i = 0; i < out.length; i++) {
            float value = expected.get(i).floatValue();
            assertThat(out[i]).as("%s[%d]", name, i).isCloseTo(value, within(1e-6f + 1e-6f * Math.abs(value)));
        }
    }

    @Test
    void metadataBecomesPlainValues() throws IOException {
        try (GgufFile file = GgufFile.open(fixture())) {
            assertThat(file.metadata())
                    .contains(
                            Map.entry("general.architecture", "llama"),
                            Map.entry("llama.block_count", 2L),
                            Map.entry("tokenizer.ggml.tokens", List.of("<s>", "é", "\ud83d\ude00")),
                            Map.entry("tokenizer.ggml.token_type", List.of(3L, 1L, 1L)),
                            Map.entry("tokenizer.ggml.add_bos_token", false));
            assertThatThrownBy(() -> file.entry("nope")).hasMessageContaining("there is no tensor \"nope\"");
        }
    }

    @Test
    void aCutFileSaysSo() throws IOException {
        byte[] whole = Files.readAllBytes(fixture());
        for (int length = 0; length < whole.length; length += 97) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> GgufBytes.open(cut))
                    .as("cut after %d of %d bytes", length, whole.length)
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("made.gguf: not a sound GGUF file");
        }
    }

    /** Types: 0 byte, 8 text, 9 list, 10 long (the GGUF specification). */
    static List<Arguments> hostile() {
        return List.of(
                arguments(new GgufBytes().claim("a", 0, 1L << 40), INVALID_HEADER_LENGTH, "claims 1099511627776 list"),
                arguments(
                        new GgufBytes().claim("a", 10, -1), INVALID_HEADER_LENGTH, "claims 18446744073709551615 list"),
                arguments(new GgufBytes().claim("a", 9, 1), INVALID_HEADER, "lists of lists"),
                arguments(new GgufBytes().claim("a", 13, 0), INVALID_HEADER, "metadata type 13"),
                arguments(
                        new GgufBytes().claim("a", 0, 5_000_000).zeros(5_000_000),
                        HEADER_TOO_LARGE,
                        "may have 4000000 values"),
                arguments(new GgufBytes().whole("a", 1).whole("a", 2), INVALID_HEADER, "metadata key a stands twice"),
                arguments(
                        new GgufBytes().text("general.alignment", "32"),
                        INVALID_HEADER,
                        "must be a power of two; got 32"),
                arguments(new GgufBytes().whole("general.alignment", 48), INVALID_HEADER, "a power of two; got 48"),
                arguments(new GgufBytes().tensor("x", 2).tensor("x", 2), INVALID_HEADER, "tensor x stands twice"),
                arguments(
                        new GgufBytes().tensor("x", 16).info("y", 0, 32, 8),
                        INVALID_OFFSET,
                        "tensor y begins at 32; the one before it ends at 64"),
                arguments(
                        new GgufBytes().info("x", 0, 0, 8), INVALID_OFFSET, "32 bytes at 0 do not lie in the 0 bytes"),
                arguments(new GgufBytes().tensor("y", 64).info("x", 0, 33, 1), INVALID_OFFSET, "4 bytes at 33"),
                arguments(new GgufBytes().info("x", 0, -32, 1), INVALID_OFFSET, "4 bytes at -32"),
                arguments(
                        new GgufBytes().info("x", 0, 0, 1L << 40, 1L << 40), VALIDATION_OVERFLOW, "shape is too large"),
                arguments(new GgufBytes().info("x", 0, 0, -1), VALIDATION_OVERFLOW, "shape is too large"),
                arguments(new GgufBytes().info("x", 0, 0, 1, 1, 1, 1, 1), TENSOR_INVALID_INFO, "at most 4 dimensions"),
                arguments(new GgufBytes().info("x", 16, 0, 256), TENSOR_INVALID_INFO, "has type number 16"),
                arguments(new GgufBytes().info("x", 8, 0, 33), TENSOR_INVALID_INFO, "multiples of 32; got 33"),
                arguments(new GgufBytes().info("x", 8, 0), TENSOR_INVALID_INFO, "multiples of 32; got 1"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHeaderThatBreaksARuleIsRefused(GgufBytes bytes, WeightsException.Rule rule, String message) {
        assertThatThrownBy(bytes::open)
                .isInstanceOfSatisfying(
                        WeightsException.class, e -> assertThat(e.rule()).isEqualTo(rule))
                .hasMessageContaining(message);
    }

    @Test
    void everyDamagedHeaderOpensOrIsRefusedByItsOwnError() throws IOException {
        byte[] whole = Files.readAllBytes(fixture());
        long seed = 42;
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                damaged[random.nextInt(1000)] = (byte) random.nextInt(256);
            }
            try (GgufFile read = GgufBytes.open(damaged)) {
                for (GgufFile.Entry entry : read.entries()) {
                    read.widen(entry.name(), MemorySegment.ofArray(new float[(int) entry.elements()]));
                }
            } catch (WeightsException expected) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isBetween(300, 2999);
    }

    private Path fixture() {
        Path file = folder.resolve("blocks.gguf");
        try (InputStream in = resource("/gguf/blocks.gguf")) {
            Files.write(file, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(GgufFileTest.class.getResourceAsStream(name), name);
    }
}

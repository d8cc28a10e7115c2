package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.params.provider.EnumSource;

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
        Path cut = folder.resolve("cut.gguf");
        for (int length = 0; length < whole.length; length += 97) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> GgufFile.open(cut))
                    .as("cut after %d of %d bytes", length, whole.length)
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("cut.gguf: not a sound GGUF file");
        }
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
            Path file = folder.resolve("damaged.gguf");
            Files.write(file, damaged);
            try (GgufFile read = GgufFile.open(file)) {
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

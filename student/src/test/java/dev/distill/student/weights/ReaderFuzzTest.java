package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Whatever the bytes, a reader opens them or refuses them with a {@link WeightsException}, and what it opens lies inside of
 * the file. Runs over the inputs in {@code ReaderFuzzTestInputs}; with {@code JAZZER_FUZZ=1} in the environment it looks for
 * more, one method at a time: {@code JAZZER_FUZZ=1 mvn test -pl student -Djazzer.hooks=true -Dtest=ReaderFuzzTest#gguf}.
 */
class ReaderFuzzTest {
    private static final Path NAME = Path.of("fuzzed");

    @FuzzTest(maxDuration = "2m")
    void safetensors(byte[] bytes) {
        Arena arena = Arena.ofConfined();
        try (SafetensorsFile file = SafetensorsFile.of(NAME, arena, copy(arena, bytes))) {
            long data = 0;
            for (TensorEntry entry : file.entries()) {
                assertThat(file.bytes(entry.name()).byteSize()).isEqualTo(entry.byteSize());
                assertThat(entry.elements() * entry.type().bytes()).isEqualTo(entry.byteSize());
                data += entry.byteSize();
            }
            assertThat(data).isLessThan(bytes.length);
        } catch (WeightsException expected) {
            assertThat(expected).hasMessageStartingWith("fuzzed: not a sound safetensors file: ");
        } finally {
            close(arena);
        }
    }

    /** The header alone, which the length before it hides from the fuzzer: any change of its size would be refused. */
    @FuzzTest(maxDuration = "2m")
    void safetensorsHeader(byte[] json) {
        try {
            SafetensorsHeader header = SafetensorsHeader.parse(json, 22, "fuzzed");
            assertThat(header.entries().stream()
                            .mapToLong(TensorEntry::byteSize)
                            .sum())
                    .isEqualTo(22);
        } catch (WeightsException expected) {
            assertThat(expected).hasMessageStartingWith("fuzzed: not a sound safetensors file: ");
        }
    }

    @FuzzTest(maxDuration = "2m")
    void gguf(byte[] bytes) {
        Arena arena = Arena.ofConfined();
        try (GgufFile file = GgufFile.of(NAME, arena, copy(arena, bytes))) {
            long data = 0;
            for (GgufFile.Entry entry : file.entries()) {
                float[] values = new float[Math.toIntExact(entry.elements())];
                file.widen(entry.name(), MemorySegment.ofArray(values));
                data += file.bytes(entry.name()).byteSize();
            }
            assertThat(data).isLessThan(bytes.length);
        } catch (WeightsException expected) {
            assertThat(expected).hasMessageStartingWith("fuzzed: not a sound GGUF file: ");
        } finally {
            close(arena);
        }
    }

    /** A GGUF file as a model: its config, and every weight under Hugging Face's name. */
    @FuzzTest(maxDuration = "2m")
    void ggufModel(byte[] bytes) throws IOException {
        Arena arena = Arena.ofConfined();
        try (StoredWeights weights = StoredWeights.of(NAME, GgufFile.of(NAME, arena, copy(arena, bytes)))) {
            for (String name : weights.names()) {
                Tensor tensor = weights.get(name);
                assertThat(tensor.size())
                        .isEqualTo(tensor.segment().byteSize() / tensor.type().bytes());
            }
        } catch (WeightsException expected) {
            assertThat(expected).hasMessageMatching("(?s)(fuzzed|GGUF|tensor|there is no tensor).*");
        } finally {
            close(arena);
        }
    }

    private static MemorySegment copy(Arena arena, byte[] bytes) {
        return arena.allocate(bytes.length, Tensor.ALIGNMENT).copyFrom(MemorySegment.ofArray(bytes));
    }

    /** A reader that was opened has closed it. */
    private static void close(Arena arena) {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read back is what the tensor holds, rounded once where the file's type is narrower. */
final class TensorContentTest {
    private static final int COUNT = (1 << 20) + 3; // a piece and a little more

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "FLOAT, F32",
        "FLOAT, BF16",
        "FLOAT, F16",
        "BFLOAT16, BF16",
        "BFLOAT16, F32",
        "SPLIT, F32",
        "SPLIT, BF16",
        "SPLIT, F16"
    })
    void comesBack(DType stored, StorageType written) throws IOException {
        Random random = new Random(12);
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), stored, COUNT);
        for (int i = 0; i < COUNT; i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        Path file = folder.resolve("x.safetensors");
        SafetensorsWriter.write(
                file,
                List.of(new SafetensorsWriter.Item(
                        "x", written, List.of((long) COUNT), sink -> TensorContent.write(tensor, written, sink))),
                Map.of());
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            MemorySegment bytes = read.bytes("x");
            for (int i = 0; i < COUNT; i++) {
                float value = tensor.get(i);
                switch (written) {
                    case F32 -> assertSame(bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i), value, i);
                    case BF16 -> assertSame(DType.widen(half(bytes, i)), DType.widen(DType.narrow(value)), i);
                    default -> assertSame(half(bytes, i), Float.floatToFloat16(value), i);
                }
            }
        }
    }

    private static short half(MemorySegment bytes, int index) {
        return bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * index);
    }

    private static void assertSame(float actual, float expected, int index) {
        if (actual != expected) {
            assertThat(actual).as("number %d", index).isEqualTo(expected);
        }
    }

    @Test
    void integersAreRefused() {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, 2);
        assertThatThrownBy(() -> TensorContent.write(tensor, StorageType.U8, piece -> {}))
                .hasMessage("tensor: weights are written in F32, F16 or BF16, got U8");
    }
}

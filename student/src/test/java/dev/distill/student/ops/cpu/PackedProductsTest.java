package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A PACKED weight gives the bits of the same weight in INT8, which {@link QuantizedProductsTest} judges. */
final class PackedProductsTest {
    private final Random random = new Random(17);
    private final Arena arena = Arena.ofAuto();

    @BeforeEach
    void assumeVnni() {
        assumeThat(NativeChoice.hasPackedProducts())
                .as("a processor with AVX-512 and VNNI")
                .isTrue();
    }

    /** Sizes around what panels, vectors, tiles and our own kernel are made for. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            1,   64,  64
            1,  896, 896
            1,  101,  67
            2,  101,  67
            2, 4864, 200
            3,  101,  67
            4,   64, 130
            7,   36, 300
            16, 896, 896
            33, 130,   1
            65,  66, 129
            128, 64, 640
            130, 101, 67
            300, 576, 192
            1, 8200,   65
            5, 8321,   67
            70, 8256, 130
            """)
    void givesTheBitsOfTheSameBytesInRows(int rows, int inputs, int outputs) {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            Tensor w = normal(DType.FLOAT, outputs, inputs);
            Tensor plain = Tensor.allocateQuantized(arena, outputs, inputs);
            Tensor packed = Tensor.allocatePacked(arena, outputs, inputs);
            ops.copy(plain, w);
            ops.copy(packed, w);
            assertThat(packed.scales().toArray()).isEqualTo(plain.scales().toArray());
            for (DType type : new DType[] {DType.FLOAT, DType.BFLOAT16}) {
                for (float beta : new float[] {0, 1}) {
                    Tensor x = normal(type, rows, inputs);
                    for (int i = 0; i < Math.min(rows, 5); i++) { // outliers, a different number of them in each row
                        IntStream.rangeClosed(0, 2 * i).forEach(k -> x.set(random.nextInt(inputs), 90 + k));
                    }
                    Tensor expected = normal(type, rows, outputs);
                    Tensor y = Tensor.allocate(arena, type, rows, outputs);
                    ops.copy(y, expected);
                    ops.linear(expected, x, plain, beta);
                    ops.linear(y, x, packed, beta);
                    assertThat(numbers(y)).as("%s, beta %s", type, beta).isEqualTo(numbers(expected));
                }
            }
        }
    }

    /** A number that is none stays in its row, in either layout, and is not lost there. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40})
    void aNaNSpoilsItsRowAlone(int rows) {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            Tensor w = normal(DType.FLOAT, 67, 130);
            Tensor plain = Tensor.allocateQuantized(arena, 67, 130);
            Tensor packed = Tensor.allocatePacked(arena, 67, 130);
            ops.copy(plain, w);
            ops.copy(packed, w);
            Tensor x = normal(DType.FLOAT, rows, 130);
            Tensor sound = Tensor.allocate(arena, DType.FLOAT, rows, 67);
            ops.linear(sound, x, packed, 0);
            x.set(77, Float.NaN); // of row 0
            Tensor expected = Tensor.allocate(arena, DType.FLOAT, rows, 67);
            Tensor y = Tensor.allocate(arena, DType.FLOAT, rows, 67);
            ops.linear(expected, x, plain, 0);
            ops.linear(y, x, packed, 0);
            assertThat(numbers(y)).isEqualTo(numbers(expected));
            assertThat(numbers(y.slice(0, 1))).containsOnly(Float.NaN);
            if (rows > 1) {
                assertThat(numbers(y.slice(1, rows))).isEqualTo(numbers(sound.slice(1, rows)));
            }
        }
    }

    /** Several weights of one input together, at one row, a few and many: as one after the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 70})
    void severalLayersOfOneInput(int rows) {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            Tensor x = normal(DType.BFLOAT16, rows, 130);
            List<Tensor> weights = new ArrayList<>();
            List<Tensor> together = new ArrayList<>();
            List<Tensor> alone = new ArrayList<>();
            for (int outputs : new int[] {200, 64, 33}) {
                Tensor packed = Tensor.allocatePacked(arena, outputs, 130);
                ops.copy(packed, normal(DType.FLOAT, outputs, 130));
                weights.add(packed);
                together.add(normal(DType.BFLOAT16, rows, outputs));
                alone.add(normal(DType.BFLOAT16, rows, outputs));
                ops.linear(alone.getLast(), x, packed, 0);
            }
            ops.linears(together, x, weights);
            for (int i = 0; i < weights.size(); i++) {
                assertThat(numbers(together.get(i))).as("layer %s", i).isEqualTo(numbers(alone.get(i)));
            }
        }
    }

    /** oneDNN's kernels are made by the first thread that calls, and run by whichever calls next. */
    @Test
    void whichThreadCallsDoesNotMatter() throws InterruptedException {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            Tensor packed = Tensor.allocatePacked(arena, 300, 896);
            ops.copy(packed, normal(DType.FLOAT, 300, 896));
            Tensor x = normal(DType.BFLOAT16, 16, 896);
            Tensor here = Tensor.allocate(arena, DType.BFLOAT16, 16, 300);
            Tensor there = Tensor.allocate(arena, DType.BFLOAT16, 16, 300);
            ops.linear(here, x, packed, 0);
            Thread other = new Thread(() -> ops.linear(there, x, packed, 0));
            other.start();
            other.join();
            assertThat(numbers(there)).isEqualTo(numbers(here));
        }
    }

    @Test
    void eachNumberIsWhereItsRowAndColumnSay() {
        try (CpuOps ops = new CpuOps(1, Compute.INT8)) {
            Tensor w = normal(DType.FLOAT, 70, 130);
            Tensor plain = Tensor.allocateQuantized(arena, 70, 130);
            Tensor packed = Tensor.allocatePacked(arena, 70, 130);
            ops.copy(plain, w);
            ops.copy(packed, w);
            assertThat(numbers(packed)).isEqualTo(numbers(plain));
        }
    }

    @Test
    void lossesAreTheSameWithAPackedHead() {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            Tensor x = normal(DType.BFLOAT16, 9, 64);
            Tensor head = normal(DType.BFLOAT16, 300, 64);
            Tensor plain = Tensor.allocateQuantized(arena, 300, 64);
            Tensor packed = Tensor.allocatePacked(arena, 300, 64);
            ops.copy(plain, head);
            ops.copy(packed, head);
            int[] targets = {1, 299, -1, 4, 5, 6, -1, 8, 0};
            Tensor expected = Tensor.allocate(arena, DType.FLOAT, 9);
            Tensor loss = Tensor.allocate(arena, DType.FLOAT, 9);
            double sum = ops.linearCrossEntropy(new CrossEntropy(x, head, plain, targets, expected))
                    .sum();
            assertThat(ops.linearCrossEntropy(new CrossEntropy(x, head, packed, targets, loss))
                            .sum())
                    .isEqualTo(sum);
            assertThat(loss.toArray()).isEqualTo(expected.toArray());
        }
    }

    @Test
    void hasNoGradient() {
        try (CpuOps ops = new CpuOps(1, Compute.INT8)) {
            Tensor packed = Tensor.allocatePacked(arena, 2, 3);
            assertThatThrownBy(() ->
                            ops.linearBackwardInput(normal(DType.FLOAT, 4, 3), normal(DType.FLOAT, 4, 2), packed, 0))
                    .hasMessageContaining("was loaded for inference and has no gradients; load the weights as FROZEN");
        }
    }

    private static float[] numbers(Tensor tensor) {
        float[] numbers = new float[Math.toIntExact(tensor.size())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = tensor.get(i);
        }
        return numbers;
    }

    private Tensor normal(DType type, int... shape) {
        Tensor tensor = Tensor.allocate(arena, type, shape);
        int count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        for (int i = 0; i < count; i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }
}

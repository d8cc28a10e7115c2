package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products of four-bit weights against the numbers that Q4_0's blocks stand for, in double precision. */
final class NibbleProductsTest {
    private final Random random = new Random(40);
    private final Arena arena = Arena.ofAuto();

    @BeforeEach
    void assumeVnni() {
        assumeThat(NativeChoice.hasEightBitProducts())
                .as("a processor with VNNI")
                .isTrue();
    }

    /** Random blocks: scales of either sign, some of them subnormal in FLOAT16, some zero. */
    private MemorySegment blocks(int rows, int cols) {
        MemorySegment blocks = arena.allocate(rows * cols / 32 * 18L);
        for (long at = 0; at < blocks.byteSize(); at += 18) {
            float scale = (float) random.nextGaussian() * (random.nextInt(8) == 0 ? 1e-6f : 0.1f);
            blocks.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(random.nextInt(20) == 0 ? 0 : scale));
            for (int i = 2; i < 18; i++) {
                blocks.set(ValueLayout.JAVA_BYTE, at + i, (byte) random.nextInt());
            }
        }
        return blocks;
    }

    /** As GGUF's specification says: numbers 0 to 15 of a block are the lower halves of its bytes, 16 to 31 the upper ones; d (q - 8). */
    private static double number(MemorySegment blocks, int row, int col, int cols) {
        long at = ((long) row * cols + col) / 32 * 18;
        int pair = blocks.get(ValueLayout.JAVA_BYTE, at + 2 + col % 16) & 255;
        int nibble = col % 32 < 16 ? pair & 15 : pair >> 4;
        return (double) Float.float16ToFloat(blocks.get(ValueLayout.JAVA_SHORT_UNALIGNED, at)) * (nibble - 8);
    }

    private Tensor packed(CpuOps ops, MemorySegment blocks, int rows, int cols) {
        Tensor tensor = Tensor.allocateNibbles(arena, rows, cols);
        ops.pack(tensor, blocks);
        return tensor;
    }

    @Test
    void eachNumberIsWhatItsBlockSays() {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            MemorySegment blocks = blocks(70, 96);
            Tensor w = packed(ops, blocks, 70, 96);
            for (int i = 0; i < 70 * 96; i++) {
                assertThat((double) w.get(i)).as("%d", i).isEqualTo(number(blocks, i / 96, i % 96, 96));
            }
        }
    }

    /** A few rows are rounded as those of eight bits are; many are multiplied in BFLOAT16. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            1,  896, 130, 1e-5
            3,   96,  64, 1e-5
            64,  32,  33, 1e-5
            65,  96,  70, 0.01
            200, 64, 128, 0.01
            70, 3200, 2700, 0.01
            """)
    void multipliesWhatTheBlocksSay(int rows, int inputs, int outputs, double tolerance) {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            MemorySegment blocks = blocks(outputs, inputs);
            Tensor w = packed(ops, blocks, outputs, inputs);
            for (float beta : new float[] {0, 1}) {
                Tensor x = normal(DType.BFLOAT16, rows, inputs);
                Tensor y = normal(DType.FLOAT, rows, outputs);
                float[] before = y.toArray();
                ops.linear(y, x, w, beta);
                for (int n = 0; n < rows; n++) {
                    double[] row = rows <= 64 ? rounded(x, n) : exact(x, n);
                    for (int o = 0; o < outputs; o++) {
                        double sum = beta * before[n * outputs + o];
                        double size = 1;
                        for (int i = 0; i < inputs; i++) {
                            double product = row[i] * number(blocks, o, i, inputs);
                            sum += product;
                            size += Math.abs(product);
                        }
                        assertThat((double) y.get((long) n * outputs + o))
                                .as("row %d, output %d", n, o)
                                .isCloseTo(sum, within(tolerance * size));
                    }
                }
            }
        }
    }

    /** The largest sums that a block can have, of either sign: they fill 16 bits but for the last. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void theLargestSumsHaveRoom(int sign) {
        try (CpuOps ops = new CpuOps(1, Compute.INT8)) {
            MemorySegment blocks = arena.allocate(18);
            blocks.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, Float.floatToFloat16(1)); // and every nibble 0: -8
            Tensor x = Tensor.allocate(arena, DType.FLOAT, 1, 32);
            ops.fill(x, sign * 127);
            Tensor y = Tensor.allocate(arena, DType.FLOAT, 1, 1);
            ops.linear(y, x, packed(ops, blocks, 1, 32), 0);
            assertThat(y.get(0)).isEqualTo(sign * -8 * 127 * 32);
        }
    }

    /** A prompt's rows into BFLOAT16, and the same numbers whatever the number of threads. */
    @ParameterizedTest
    @ValueSource(ints = {5, 64, 70})
    void theNumberOfThreadsDoesNotMatter(int rows) {
        MemorySegment blocks = blocks(130, 96);
        Tensor x = normal(DType.BFLOAT16, rows, 96);
        x.set(5, 500); // an outlier
        Tensor expected = normal(DType.BFLOAT16, rows, 130);
        Tensor y = normal(DType.BFLOAT16, rows, 130);
        try (CpuOps one = new CpuOps(1, Compute.INT8);
                CpuOps two = new CpuOps(2, Compute.INT8)) {
            one.linear(expected, x, packed(one, blocks, 130, 96), 0);
            two.linear(y, x, packed(two, blocks, 130, 96), 0);
        }
        assertThat(y.segment().mismatch(expected.segment())).isEqualTo(-1);
    }

    /** With outliers, of which each row has others; and whatever else is computed beside it. */
    @Test
    void aRowHasTheSameBitsAloneAndBesideOthers() {
        try (CpuOps ops = new CpuOps(2, Compute.INT8)) {
            List<Tensor> weights = List.of(
                    packed(ops, blocks(70, 128), 70, 128),
                    packed(ops, blocks(33, 128), 33, 128),
                    packed(ops, blocks(64, 128), 64, 128));
            Tensor x = normal(DType.BFLOAT16, 9, 128);
            for (int n = 0; n < 9; n++) {
                x.set((long) n * 128 + 11 * n, 300);
            }
            List<Tensor> together = new ArrayList<>();
            weights.forEach(w -> together.add(normal(DType.BFLOAT16, 9, w.rows())));
            ops.linears(together, x, weights);
            for (int i = 0; i < weights.size(); i++) {
                for (int n = 0; n < 9; n++) {
                    Tensor alone = normal(DType.BFLOAT16, 1, weights.get(i).rows());
                    ops.linear(alone, x.slice(n, n + 1), weights.get(i), 0);
                    assertThat(alone.segment()
                                    .mismatch(together.get(i).slice(n, n + 1).segment()))
                            .as("weight %d, row %d", i, n)
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void refusesWhatItCannotBe() {
        assertThatThrownBy(() -> Tensor.allocateNibbles(arena, 4, 33))
                .hasMessage("tensor: rows of NIBBLES must be multiples of 32, got 33");
        try (CpuOps ops = new CpuOps(1)) {
            Tensor w = Tensor.allocateNibbles(arena, 2, 32);
            assertThatThrownBy(() -> ops.linear(normal(DType.FLOAT, 1, 2), normal(DType.FLOAT, 1, 32), w, 0))
                    .hasMessage("linear: an eight-bit weight needs compute INT8");
            assertThatThrownBy(() -> ops.pack(normal(DType.FLOAT, 2, 32), arena.allocate(36)))
                    .hasMessageContaining("pack: needs a matrix of NIBBLES");
            assertThatThrownBy(() -> ops.pack(w, arena.allocate(54)))
                    .hasMessage("pack: needs 36 bytes of Q4_0, not 54, got [NIBBLES[2, 32]]");
            assertThatThrownBy(() -> w.reshape(1, 64))
                    .hasMessageContaining("has scales for parts of it and keeps its shape");
            assertThatThrownBy(() -> w.slice(0, 1)).hasMessageContaining("lies in pieces and cannot be sliced");
            assertThatThrownBy(() -> ops.linears(List.of(), normal(DType.FLOAT, 1, 32), List.of()))
                    .hasMessageContaining("linear: needs one result for each weight, and at least one, got 0 results");
            assertThatThrownBy(() -> ops.copy(normal(DType.FLOAT, 2, 32), w))
                    .hasMessageContaining("is not made from eight bits or less");
        }
    }

    private static double[] exact(Tensor x, int n) {
        double[] row = new double[x.cols()];
        for (int i = 0; i < row.length; i++) {
            row[i] = x.get((long) n * row.length + i);
        }
        return row;
    }

    /** Rounded to a 127th of its largest number; normal deviates are no outliers. */
    private static double[] rounded(Tensor x, int n) {
        double[] row = exact(x, n);
        float max = 0;
        for (double number : row) {
            max = Math.max(max, Math.abs((float) number));
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.rint((float) row[i] * (127 / max)) * (max / 127);
        }
        return row;
    }

    private Tensor normal(DType type, int rows, int cols) {
        Tensor tensor = Tensor.allocate(arena, type, rows, cols);
        for (int i = 0; i < rows * cols; i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }
}

package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NF4 in the coarser types, and with products that are large enough for oneDNN. */
final class NormalFloatsTest {
    private static final long SEED = 71;
    private final Arena arena = Arena.ofAuto();

    /** The same numbers in BFLOAT16 give the same bits. */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, 7", "BFLOAT16, 300", "INT8, 300"})
    void isMultipliedInTheTypeOfActivations(Compute compute, int rows) {
        assumeTrue(
                NativeChoice.hasEightBitProducts(), "a processor with VNNI and a build of ND4J with oneDNN is needed");
        try (Ops ops = new CpuOps(2, compute, DType.BFLOAT16)) {
            Tensor q_OI = Tensor.allocateNormalFloats(arena, 200, 192);
            ops.copy(q_OI, normal(DType.BFLOAT16, 200, 192));
            Tensor w_OI = Tensor.allocate(arena, DType.BFLOAT16, 200, 192);
            ops.copy(w_OI, q_OI);
            Tensor x_NI = normal(DType.BFLOAT16, rows, 192);
            Tensor y_NO = Tensor.allocate(arena, DType.BFLOAT16, rows, 200);
            Tensor expected_NO = Tensor.allocate(arena, DType.BFLOAT16, rows, 200);
            ops.linear(y_NO, x_NI, q_OI, 0);
            ops.linear(expected_NO, x_NI, w_OI, 0);
            assertThat(y_NO.segment().mismatch(expected_NO.segment())).isEqualTo(-1);

            Tensor dx_NI = Tensor.allocate(arena, DType.FLOAT, rows, 192);
            Tensor expected_NI = Tensor.allocate(arena, DType.FLOAT, rows, 192);
            ops.linearBackwardInput(dx_NI, y_NO, q_OI, 0);
            ops.linearBackwardInput(expected_NI, y_NO, w_OI, 0);
            assertThat(dx_NI.toArray()).isEqualTo(expected_NI.toArray());
            assertThat(dx_NI.toArray()).isNotEqualTo(new float[rows * 192]);
        }
    }

    /** Blocks do not know who rounds them: more than one task of {@link Elements}, and a last block that is not full. */
    @Test
    void neitherThreadsNorTheKernelChangeABit() {
        Tensor w = normal(DType.FLOAT, 301, 97);
        Tensor expected = Tensor.allocateNormalFloats(arena, 301, 97);
        try (Ops ops = new CpuOps(1)) {
            ops.copy(expected, w);
            Tensor widened = Tensor.allocate(arena, DType.FLOAT, 301, 97);
            ops.copy(widened, expected);
            for (long i = 0; i < w.size(); i++) {
                assertThat(widened.get(i)).isEqualTo(expected.get(i)); // the tensor's own slow way
            }
        }
        for (int threads = 2; threads <= 3; threads++) {
            try (Ops ops = new CpuOps(threads)) {
                Tensor q = Tensor.allocateNormalFloats(arena, 301, 97);
                ops.copy(q, w);
                assertThat(q.segment().mismatch(expected.segment())).isEqualTo(-1);
                assertThat(q.scales().segment().mismatch(expected.scales().segment()))
                        .isEqualTo(-1);
                assertThat(q.scales().scales().toArray())
                        .isEqualTo(expected.scales().scales().toArray());
            }
        }
    }

    /** Vectors of 512, 256 and 128 bits: in processes of their own, for a process knows one width. */
    @ParameterizedTest
    @ValueSource(ints = {64, 32, 16})
    void theWidthOfVectorsChangesNoBit(int bytes) throws IOException, InterruptedException {
        String child = WidenedInAProcess.run(List.of("-XX:MaxVectorSize=" + bytes));
        assertThat(child).isEqualTo(Math.min(bytes, Floats.LANES * Float.BYTES) + " " + WidenedInAProcess.hash());
    }

    private Tensor normal(DType type, int... shape) {
        Random random = new Random(SEED);
        Tensor tensor = Tensor.allocate(arena, type, shape);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }
}

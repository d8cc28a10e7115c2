package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The eight-bit lane against the same rounding written out in double precision. */
final class QuantizedProductsTest {
    private static final int N = 37;
    private static final int I = 101;
    private static final int O = 67;

    private final Random random = new Random(63);

    private static CpuOps eightBits(int threads) {
        assumeThat(NativeChoice.hasEightBitProducts())
                .as("a processor with VNNI")
                .isTrue();
        return new CpuOps(threads, Compute.INT8, DType.FLOAT);
    }

    @Test
    void bothDirectionsComputeWhatTheRoundedFactorsSay() {
        try (CpuOps ops = eightBits(2)) {
            Tensor w = normal(O, I);
            Tensor q = Tensor.allocateQuantized(Arena.ofAuto(), O, I);
            ops.copy(q, w);
            for (float beta : new float[] {0, 1}) {
                Tensor x = normal(N, I);
                Tensor y = normal(N, O);
                double[][] forward = product(rounded(x), transposed(matrix(q)), beta, matrix(y));
                ops.linear(y, x, q, beta);
                assertClose(y, forward);

                Tensor dy = normal(N, O);
                Tensor dx = normal(N, I);
                double[][] scaled = matrix(dy);
                for (double[] row : scaled) {
                    for (int o = 0; o < O; o++) {
                        row[o] = (float) row[o] * q.scales().get(o);
                    }
                }
                double[][] bytes = matrix(q);
                for (int o = 0; o < O; o++) {
                    for (int i = 0; i < I; i++) {
                        bytes[o][i] /= q.scales().get(o);
                    }
                }
                double[][] backward = product(rounded(scaled), bytes, beta, matrix(dx));
                ops.linearBackwardInput(dx, dy, q, beta);
                assertClose(dx, backward);
            }
        }
    }

    @Test
    void aRowKeepsItsLargestNumberAndZerosStayZeros() {
        try (CpuOps ops = eightBits(1)) {
            Tensor w = Tensor.of(Arena.ofAuto(), new float[] {0, 0, 0, -254, 1, 127}, 2, 3);
            Tensor q = Tensor.allocateQuantized(Arena.ofAuto(), 2, 3);
            ops.copy(q, w);
            assertThat(q.scales().toArray()).containsExactly(0, 2);
            assertThat(new float[] {q.get(0), q.get(3), q.get(4), q.get(5)})
                    .containsExactly(0, -254, 0, 128); // 0.5, 63.5: to even
        }
    }

    @Test
    void rowsOfAnyTypeHaveSquares() {
        try (CpuOps ops = eightBits(2)) {
            Tensor w = normal(O, I);
            for (Tensor stored : new Tensor[] {
                Tensor.allocateQuantized(Arena.ofAuto(), O, I),
                Tensor.allocatePacked(Arena.ofAuto(), O, I),
                Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, O, I)
            }) {
                ops.copy(stored, w);
                Tensor squares = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, O);
                ops.rowSquares(squares, stored);
                for (int o = 0; o < O; o++) {
                    double expected = 0;
                    for (int i = 0; i < I; i++) {
                        expected += Math.pow(stored.get((long) o * I + i), 2);
                    }
                    assertThat((double) squares.get(o))
                            .as("%s, row %d", stored, o)
                            .isCloseTo(expected, within(1e-5 * expected));
                }
            }
        }
    }

    /**
     * Ten numbers of a row a hundred times as large as the others: the eight largest are multiplied as they are, and the row is rounded as if they
     * were zero; the ninth and the tenth set its scale.
     */
    @Test
    void aRowsOutliersAreMultipliedInFloat() {
        try (CpuOps ops = eightBits(2)) {
            Tensor q = Tensor.allocateQuantized(Arena.ofAuto(), O, I);
            ops.copy(q, normal(O, I));
            Tensor x = normal(N, I);
            double[][] rest = matrix(x);
            double[][] taken = new double[N][I];
            int row = 3;
            for (int k = 0; k < 10; k++) {
                int column = (k * 37 + 11) % I; // anywhere, also in the last vector's rest
                float value = (k % 2 == 0 ? 100 : -100) * (1 + 0.01f * k);
                x.set((long) row * I + column, value);
                rest[row][column] = k >= 2 ? 0 : value;
                taken[row][column] = k >= 2 ? value : 0;
            }
            double[][] weights = transposed(matrix(q));
            double[][] exact = product(taken, weights, 0, new double[N][O]);
            Tensor y = normal(N, O);
            ops.linear(y, x, q, 0);
            double[][] expected = product(rounded(rest), weights, 1, exact);
            for (int n = 0; n < N; n++) {
                for (int o = 0; o < O; o++) {
                    double size = n == row ? 3000 : 30; // magnitude of the sums
                    assertThat((double) y.get((long) n * O + o)).isCloseTo(expected[n][o], within(4e-6 * size));
                }
            }
            Tensor alone = normal(1, O);
            ops.linear(alone, x.slice(row, row + 1), q, 0);
            assertThat(alone.toArray()).isEqualTo(y.slice(row, row + 1).toArray());
        }
    }

    /** The two heads are unrelated here, so that each shows where it was used. */
    @Test
    void logitsComeFromTheRoundedHeadAndGradientsFromTheOther() {
        try (CpuOps ops = eightBits(2)) {
            Tensor x = normal(2, I);
            Tensor w = normal(O, I);
            Tensor rounded = Tensor.allocateQuantized(Arena.ofAuto(), O, I);
            ops.copy(rounded, normal(O, I));
            Tensor loss = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, 2);
            Tensor dx = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, 2, I);
            ops.linearCrossEntropyBackward(dx, null, new CrossEntropy(x, w, rounded, new int[] {5, 66}, loss), 1);

            double[][] probabilities = product(rounded(x), transposed(matrix(rounded)), 0, new double[2][O]);
            for (int n = 0; n < 2; n++) {
                int target = n == 0 ? 5 : 66;
                double sum = Arrays.stream(probabilities[n]).map(Math::exp).sum();
                assertThat((double) loss.get(n)).isCloseTo(Math.log(sum) - probabilities[n][target], within(1e-4));
                probabilities[n] = Arrays.stream(probabilities[n])
                        .map(each -> Math.exp(each) / sum)
                        .toArray();
                probabilities[n][target] -= 1;
            }
            assertClose(dx, product(probabilities, matrix(w), 0, new double[2][I]));
        }
    }

    @Test
    void aRoundedHeadMustBeOne() {
        Tensor x = normal(2, I);
        assertThatThrownBy(() -> new CrossEntropy(x, normal(O, I), normal(O, I), new int[2], normal(2, 1)))
                .hasMessageContaining("cross-entropy: needs a rounded head in eight bits and of the head's shape");
    }

    @Test
    void anEightBitWeightNeedsTheEightBitLane() {
        try (CpuOps ops = new CpuOps(1)) {
            Tensor q = Tensor.allocateQuantized(Arena.ofAuto(), 2, 3);
            assertThatThrownBy(() -> ops.linear(normal(4, 2), normal(4, 3), q, 0))
                    .hasMessage("linear: an eight-bit weight needs compute INT8");
        }
    }

    /** Rounded as the lane rounds rows. */
    private static double[][] rounded(Tensor x) {
        return rounded(matrix(x));
    }

    private static double[][] rounded(double[][] x) {
        double[][] result = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            float max = 0;
            for (double value : x[n]) {
                max = Math.max(max, Math.abs((float) value));
            }
            float inverse = 127 / max;
            result[n] = new double[x[n].length];
            for (int i = 0; i < x[n].length; i++) {
                result[n][i] = Math.rint((float) x[n][i] * inverse) * (max / 127);
            }
        }
        return result;
    }

    private static double[][] product(double[][] a, double[][] b, float beta, double[][] c) {
        double[][] result = new double[a.length][b[0].length];
        for (int n = 0; n < a.length; n++) {
            for (int o = 0; o < b[0].length; o++) {
                double sum = beta * c[n][o];
                for (int i = 0; i < b.length; i++) {
                    sum += a[n][i] * b[i][o];
                }
                result[n][o] = sum;
            }
        }
        return result;
    }

    private static double[][] transposed(double[][] a) {
        double[][] result = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                result[j][i] = a[i][j];
            }
        }
        return result;
    }

    private static double[][] matrix(Tensor tensor) {
        double[][] rows = new double[tensor.rows()][tensor.cols()];
        for (int i = 0; i < tensor.size(); i++) {
            rows[i / tensor.cols()][i % tensor.cols()] = tensor.get(i);
        }
        return rows;
    }

    /** Sums are exact; what is left is the rounding of three FLOAT factors and of the result, of magnitude 30 at most. */
    private static void assertClose(Tensor actual, double[][] expected) {
        for (int i = 0; i < actual.size(); i++) {
            assertThat((double) actual.get(i))
                    .isCloseTo(expected[i / actual.cols()][i % actual.cols()], within(4e-6 * 30));
        }
    }

    private Tensor normal(int rows, int cols) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, rows, cols);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }
}

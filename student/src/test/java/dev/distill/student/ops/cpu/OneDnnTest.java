package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.distill.student.ops.Operands;
import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Large products by oneDNN, in each of its two forms, against our own, which the contract compares with double precision. */
@ParameterizedClass
@EnumSource
final class OneDnnTest {
    enum Form {
        ND4J,
        /** With or without AMX, for which it is there. */
        OWN_LIBRARY;

        OneDnn open() {
            return this == ND4J ? new NdMatmul(2) : new DnnlMatmul(2);
        }
    }

    private static final Size SIZE = new Size(650, 610, 701);

    private final Random random = new Random(61);
    private final Workers workers = new Workers(2);
    private final Products ours = new Products(workers, null);
    private final Form form;
    private final OneDnn library;
    private final LargeProducts oneDnn;

    OneDnnTest(Form form) {
        boolean there = NativeChoice.hasOneDnn() && (form == Form.ND4J || DnnlEngine.runsHere());
        assumeThat(there).as("oneDNN in this form").isTrue();
        this.form = form;
        library = form.open();
        oneDnn = new LargeProducts(workers, library, false);
    }

    @AfterEach
    void close() {
        ours.close();
        oneDnn.close();
        library.close();
        workers.close();
    }

    @Test
    void theThreeFormsWithAndWithoutOldContents() {
        Tensor a = normal(SIZE.rows(), SIZE.depth());
        Tensor aT = normal(SIZE.depth(), SIZE.rows());
        Tensor b = normal(SIZE.depth(), SIZE.cols());
        Tensor bT = normal(SIZE.cols(), SIZE.depth());
        for (float beta : new float[] {0, 1}) {
            assertSame(Matrix.of(a), Matrix.of(bT).transposed(), beta);
            assertSame(Matrix.of(a), Matrix.of(b), beta);
            assertSame(Matrix.of(aT).transposed(), Matrix.of(b), beta);
        }
    }

    /** In BFLOAT16: tiles of some columns, and tiles whose results go through memory of their own. */
    @Test
    void halvesIntoEitherType() {
        assumeThat(NativeChoice.hasHalfProducts())
                .as("a processor that multiplies BFLOAT16")
                .isTrue();
        Size size = new Size(300, 640, 1041);
        Tensor x = as(DType.BFLOAT16, normal(300, 640));
        Tensor w = as(DType.BFLOAT16, normal(1041, 640));
        Tensor wT = as(DType.BFLOAT16, normal(640, 1041));
        try (OneDnn oneDnn = form.open();
                LargeProducts products = new LargeProducts(workers, oneDnn, true)) {
            for (DType type : new DType[] {DType.FLOAT, DType.BFLOAT16}) {
                for (float beta : new float[] {0, 1}) {
                    for (Matrix b : new Matrix[] {Matrix.of(w).transposed(), Matrix.of(wT)}) {
                        Tensor old = as(DType.BFLOAT16, normal(300, 1041));
                        Tensor actual = as(type, old);
                        Tensor expected = as(DType.FLOAT, old);
                        ours.multiply(Matrix.of(x), b, Matrix.of(expected), size, beta);
                        products.multiply(Matrix.of(x), b, Matrix.of(actual), size, beta);
                        // sums of 640 products of order 1, some 130 at most, twice rounded to 2^-9 of themselves
                        assertThat(largestDifference(actual, expected)).isLessThan(0.6f);
                    }
                }
            }
        }
    }

    /** Where rows need not have the same bits in any batch, sixteen of them are oneDNN's too; seven are not. */
    @Test
    void aFewRowsOnlyWhereTheyNeedNotStayApart() {
        assumeThat(NativeChoice.hasHalfProducts())
                .as("a processor that multiplies BFLOAT16")
                .isTrue();
        Tensor x = as(DType.BFLOAT16, normal(16, 640));
        Tensor weight = as(DType.BFLOAT16, normal(1041, 640));
        Matrix w = Matrix.of(weight).transposed();
        try (OneDnn oneDnn = form.open();
                Products products = new Products(workers, new LargeProducts(workers, oneDnn, true))) {
            for (int rows : new int[] {7, 16}) {
                Size size = new Size(rows, 640, 1041);
                Tensor expected = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, rows, 1041);
                ours.multiply(Matrix.of(x), w, Matrix.of(expected), size, 0);
                Tensor apart = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, rows, 1041);
                products.multiply(Matrix.of(x), w, Matrix.of(apart), size, 0);
                assertThat(apart.toArray()).isEqualTo(expected.toArray());

                products.keepRowsApart(false);
                Tensor together = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, rows, 1041);
                products.multiply(Matrix.of(x), w, Matrix.of(together), size, 0);
                products.keepRowsApart(true);
                assertThat(largestDifference(together, expected)).isLessThan(0.6f);
                assertThat(Arrays.equals(together.toArray(), expected.toArray()))
                        .isEqualTo(rows == 7);
                Operands.keep(x, weight, expected, apart, together);
            }
        }
    }

    private static Tensor as(DType type, Tensor from) {
        Tensor to = Tensor.allocate(Arena.ofAuto(), type, from.shape());
        for (long i = 0; i < to.size(); i++) {
            to.set(i, from.get(i));
        }
        return to;
    }

    private static float largestDifference(Tensor a, Tensor b) {
        float largest = 0;
        for (long i = 0; i < a.size(); i++) {
            largest = Math.max(largest, Math.abs(a.get(i) - b.get(i)));
        }
        return largest;
    }

    private void assertSame(Matrix a, Matrix b, float beta) {
        Tensor expected = normal(SIZE.rows(), SIZE.cols());
        Tensor actual = Tensor.of(Arena.ofAuto(), expected.toArray(), SIZE.rows(), SIZE.cols());
        assertThat(LargeProducts.takes(a, b, Matrix.of(actual), SIZE)).isTrue();
        ours.multiply(a, b, Matrix.of(expected), SIZE, beta);
        oneDnn.multiply(a, b, Matrix.of(actual), SIZE, beta);
        float[] x = expected.toArray();
        float[] y = actual.toArray();
        for (int i = 0; i < x.length; i++) {
            assertThat(y[i])
                    .isCloseTo(
                            x[i],
                            within(2e-4f)); // sums of 610 products of order 1: 25, times 2^-24, times the length of a
            // chain
        }
    }

    @Test
    void runAfterRunTheSameBits() {
        Tensor a = normal(SIZE.rows(), SIZE.depth());
        Tensor b = normal(SIZE.depth(), SIZE.cols());
        Tensor c = normal(SIZE.rows(), SIZE.cols());
        oneDnn.multiply(Matrix.of(a), Matrix.of(b), Matrix.of(c), SIZE, 0);
        float[] first = c.toArray();
        for (int i = 0; i < 10; i++) {
            oneDnn.multiply(Matrix.of(a), Matrix.of(b), Matrix.of(c), SIZE, 0);
            assertThat(c.toArray()).isEqualTo(first);
        }
    }

    @Test
    void smallOrScatteredMatricesAreOurs() {
        Tensor c = normal(SIZE.rows(), SIZE.cols());
        Tensor b = normal(SIZE.depth(), SIZE.cols());
        Tensor a = normal(SIZE.rows(), SIZE.depth());
        Size small = new Size(100, SIZE.depth(), SIZE.cols());
        assertThat(LargeProducts.takes(Matrix.of(a), Matrix.of(b), Matrix.of(c), small))
                .isFalse();
        Tensor wide = normal(SIZE.rows(), SIZE.depth() + 1);
        assertThat(LargeProducts.takes(Matrix.of(wide), Matrix.of(b), Matrix.of(c), SIZE))
                .isFalse();
    }

    private Tensor normal(int... shape) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, shape);
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, (float) random.nextGaussian());
        }
        return tensor;
    }
}

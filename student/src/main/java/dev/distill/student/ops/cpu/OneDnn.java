package dev.distill.student.ops.cpu;

import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.NdArrays;
import dev.distill.student.ops.nd4j.NdArrays.Item;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Matrix products through ND4J's operation {@code matmul}, which its builds with oneDNN hand to oneDNN. Both factors have one type (FLOAT,
 * BFLOAT16 or INT8) and lie in one piece each; the result has the same type, for INT8 it is INT32. A call costs a few dozen microseconds. ND4J
 * loads at the first product. One thread at a time.
 */
final class OneDnn {
    /** Arrays that all threads together remember: steps meet many addresses again, and wrapping one takes some 10 microseconds. */
    private static final int REMEMBERED = 16 * 1024;

    private final int threads;
    private final int most; // arrays remembered
    private final Map<Operand, INDArray> arrays = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Operand, INDArray> eldest) {
            return size() > most;
        }
    };

    private final OneDnn[] alone;

    /** @param threads of a product that all take part in, the caller's among them */
    OneDnn(int threads) {
        this.threads = threads;
        this.most = REMEMBERED / threads;
        this.alone = Stream.generate(() -> new OneDnn(most, new OneDnn[0]))
                .limit(threads)
                .toArray(OneDnn[]::new);
    }

    private OneDnn(int most, OneDnn[] alone) {
        this.threads = 1;
        this.most = most;
        this.alone = alone;
    }

    /** For one of the {@link Workers}: its products are computed by itself alone, beside those of the others. */
    OneDnn alone(int worker) {
        return alone[worker];
    }

    /**
     * A matrix as it lies in memory, row after row, and whether it is meant transposed.
     *
     * @param stride numbers from a row to the next; more than {@code cols} for some columns of a wider matrix, which only a result may be
     */
    record Operand(long address, long rows, long cols, long stride, Item item, boolean transposed) {
        /** FLOAT or BFLOAT16. */
        static Operand of(Matrix matrix, int rows, int cols) {
            Item item = matrix.half() ? Item.BFLOAT16 : Item.FLOAT;
            return matrix.rowsLieTogether()
                    ? new Operand(matrix.address(), rows, cols, matrix.rowBytes() / item.bytes(), item, false)
                    : new Operand(matrix.address(), cols, rows, matrix.colBytes() / item.bytes(), item, true);
        }

        /** Rows without gaps. */
        static Operand whole(long address, long rows, long cols, Item item, boolean transposed) {
            return new Operand(address, rows, cols, cols, item, transposed);
        }
    }

    /** {@code c = a b + beta c}. */
    void multiply(Operand a, Operand b, Operand c, float beta) {
        start();
        DynamicCustomOp matmul = DynamicCustomOp.builder("matmul")
                .addInputs(array(a), array(b))
                .addOutputs(array(c))
                .addIntegerArguments(a.transposed ? 1 : 0, b.transposed ? 1 : 0, 0)
                .addFloatingPointArguments(1.0, (double) beta)
                .build();
        Nd4j.getExecutioner().exec(matmul);
    }

    private INDArray array(Operand operand) {
        return arrays.computeIfAbsent(
                operand, o -> NdArrays.matrix(o.address(), o.rows(), o.cols(), o.stride(), o.item()));
    }

    private void start() {
        NativeChoice.load();
        Nd4j.getExecutioner(); // starts ND4J, without which the next line finds no library
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads); // a setting of the calling thread
    }
}

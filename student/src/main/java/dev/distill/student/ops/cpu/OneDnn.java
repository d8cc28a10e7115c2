package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.NdArrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Large products through ND4J's operation {@code matmul}, which its builds with oneDNN hand to oneDNN: a quarter to a third faster than
 * {@link Gemm}. Small products stay with Gemm, for a call costs 50 to 100 microseconds, most of it for wrapping three addresses as ND4J arrays,
 * and because oneDNN's threads wait for each other. ND4J loads at the first large product.
 */
final class OneDnn {
    /** Multiply-adds from which on oneDNN takes a product: a few milliseconds of work. */
    private static final long LEAST = (1L << 28) + 1;

    private final int threads;
    private boolean started;

    OneDnn(int threads) {
        this.threads = threads;
    }

    /** Large enough, and each matrix in one piece as ND4J needs it. */
    static boolean takes(Matrix a, Matrix b, Matrix c, Size size) {
        return (long) size.rows() * size.depth() * size.cols() >= LEAST
                && inOnePiece(a, size.rows(), size.depth())
                && inOnePiece(b, size.depth(), size.cols())
                && inOnePiece(c, size.rows(), size.cols());
    }

    private static boolean inOnePiece(Matrix matrix, int rows, int cols) {
        return isTransposed(matrix)
                ? matrix.colBytes() == (long) rows * Floats.BYTES
                : matrix.rowBytes() == (long) cols * Floats.BYTES;
    }

    private static boolean isTransposed(Matrix matrix) {
        return matrix.colBytes() != Floats.BYTES;
    }

    /** {@code c = a b + beta c}. */
    void multiply(Matrix a, Matrix b, Matrix c, Size size, float beta) {
        start();
        DynamicCustomOp matmul = DynamicCustomOp.builder("matmul")
                .addInputs(array(a, size.rows(), size.depth()), array(b, size.depth(), size.cols()))
                .addOutputs(array(c, size.rows(), size.cols()))
                .addIntegerArguments(isTransposed(a) ? 1 : 0, isTransposed(b) ? 1 : 0, 0)
                .addFloatingPointArguments(1.0, (double) beta)
                .build();
        Nd4j.getExecutioner().exec(matmul);
    }

    /** The matrix as it lies in memory; ND4J is told apart that it is meant transposed. */
    private static INDArray array(Matrix matrix, int rows, int cols) {
        return isTransposed(matrix)
                ? NdArrays.matrix(matrix.address(), cols, rows)
                : NdArrays.matrix(matrix.address(), rows, cols);
    }

    private void start() {
        if (!started) {
            NativeChoice.load();
            Nd4j.getExecutioner(); // starts ND4J, without which the next line finds no library
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
            started = true;
        }
    }
}

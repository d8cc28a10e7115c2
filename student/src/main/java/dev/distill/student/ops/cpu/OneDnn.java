package dev.distill.student.ops.cpu;

import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.NdArrays.Item;
import dev.distill.student.ops.nd4j.Processor;

/**
 * Large matrix products by oneDNN. Both factors have one type (FLOAT, BFLOAT16 or INT8) and lie in one piece each; the result has the same type, for
 * INT8 it is INT32. One thread at a time.
 */
interface OneDnn extends AutoCloseable {
    /**
     * What multiplies here: where the processor has tiles for matrices (AMX) or vectors of BFLOAT16, oneDNN's own library, in BFLOAT16 8 to 12 and 1.7
     * times as fast as the older one in ND4J's builds; else ND4J.
     *
     * @param threads of a product that all take part in, the caller's among them
     */
    static OneDnn of(int threads) {
        return usesOwnLibrary() ? new DnnlMatmul(threads) : new NdMatmul(threads);
    }

    /** Whether {@link #of} takes oneDNN's own library. */
    static boolean usesOwnLibrary() {
        Processor here = Processor.here();
        return NativeChoice.hasOneDnn() && (here.hasTiles() || here.hasVectorHalves()) && DnnlEngine.runsHere();
    }

    /** {@code c = a b + beta c}. */
    void multiply(Operand a, Operand b, Operand c, float beta);

    /** For one of the {@link Workers}: its products are computed by itself alone, beside those of the others. */
    OneDnn alone(int worker);

    /**
     * Whether factors too may be some columns of wider matrices, and factors of BFLOAT16 may have a FLOAT result, or be added to a result of either
     * type without rounding in between.
     */
    boolean unrestricted();

    @Override
    void close();

    /**
     * A matrix as it lies in memory, row after row, and whether it is meant transposed.
     *
     * @param stride numbers from a row to the next; more than {@code cols} for some columns of a wider matrix, which a result may always be
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
}

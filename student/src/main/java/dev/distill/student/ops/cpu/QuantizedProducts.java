package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.OneDnn.Operand;
import dev.distill.student.ops.nd4j.NdArrays.Item;
import dev.distill.student.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers whose weight is INT8 with a scale for each output (Dettmers et al. 2022, "LLM.int8()", vector-wise quantisation). The other
 * factor is quantised row by row as it comes, an input without its {@link Outliers}; sums are INT32 and exact. For the input's gradient the
 * weight's scales are first multiplied into the output's gradient, so that the same bytes serve both directions.
 */
final class QuantizedProducts implements AutoCloseable {
    /** Sums of a forward's tile: they stay in the cache until they are scaled. A backward's tile has all columns. */
    private static final int MOST_SUMS = 5 << 17;

    private final Workers workers;
    private final OneDnn oneDnn;
    private final RoundedRows factor;
    private final Scratch[] sums;

    QuantizedProducts(Workers workers, OneDnn oneDnn) {
        this.workers = workers;
        this.oneDnn = oneDnn;
        this.factor = new RoundedRows(workers);
        this.sums = Scratch.each(workers.count());
    }

    /** {@code y_NO = x_NI w_OIᵀ + beta y_NO}. */
    void forward(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        multiply(Numbers.of(y_NO), Numbers.of(x_NI), x_NI.rows(), w_OI, true, beta);
    }

    /** {@code dx_NI = dy_NO w_OI + beta dx_NI}. */
    void backwardInput(Tensor dx_NI, Tensor dy_NO, Tensor w_OI, float beta) {
        multiply(Numbers.of(dx_NI), Numbers.of(dy_NO), dy_NO.rows(), w_OI, false, beta);
    }

    /** {@code y = x w_OIᵀ} for rows without gaps. */
    void forward(Matrix y, Matrix x, int rows, Tensor w_OI) {
        multiply(new Numbers(y.address(), y.half()), new Numbers(x.address(), x.half()), rows, w_OI, true, 0);
    }

    private void multiply(Numbers to, Numbers from, int allRows, Tensor w_OI, boolean transposed, float beta) {
        int inputs = transposed ? w_OI.cols() : w_OI.rows();
        int step = RoundedRows.step(allRows, inputs);
        for (int first = 0; first < allRows; first += step) {
            int rows = Math.min(step, allRows - first);
            if (transposed) {
                factor.inputs(from, first, rows, inputs);
                factor.outliers().fetch(rows, w_OI);
            } else {
                factor.gradients(from, first, rows, w_OI);
            }
            multiplyInTiles(to, w_OI, transposed, beta);
        }
    }

    private void multiplyInTiles(Numbers to, Tensor w_OI, boolean transposed, float beta) {
        int outputs = transposed ? w_OI.rows() : w_OI.cols();
        ProductTiles cut = ProductTiles.of(factor.count(), outputs, transposed, MOST_SUMS, workers.count());
        workers.each(cut.count(), (tile, worker) -> {
            int rows = cut.rows(tile);
            int cols = cut.cols(tile);
            long acc = sums[worker].reserve((long) rows * cols * Item.INT32.bytes());
            oneDnn.alone(worker)
                    .multiply(
                            Operand.whole(factor.values(cut.row(tile)), rows, factor.width(), Item.INT8, false),
                            weight(w_OI, transposed, cut.col(tile), cols),
                            Operand.whole(acc, rows, cols, Item.INT32, false),
                            0);
            Columns columns = new Columns(outputs, cut.col(tile), cols, transposed ? w_OI : null);
            for (int row = 0; row < rows; row++) {
                finish(to, beta, cut.row(tile) + row, columns, acc + (long) row * cols * Item.INT32.bytes());
            }
        });
    }

    /** The weight, or those of its rows that give some outputs. */
    private static Operand weight(Tensor w_OI, boolean transposed, int first, int outputs) {
        long address = w_OI.segment().address();
        return transposed
                ? Operand.whole(address + (long) first * w_OI.cols(), outputs, w_OI.cols(), Item.INT8, true)
                : Operand.whole(address, w_OI.rows(), w_OI.cols(), Item.INT8, false);
    }

    /**
     * Some columns of a result of {@code outputs}.
     *
     * @param w_OI whose scales the sums still lack, and whose outliers are to be added; null where both are in the factors already
     */
    private record Columns(
            int outputs, int first, int count, @Nullable Tensor w_OI) {}

    /** Part of a row of the result, from its sums. */
    private void finish(Numbers to, float beta, int row, Columns columns, long sums) {
        int count = columns.count;
        long result = Stage.buffer(0, count);
        Tensor w_OI = columns.w_OI;
        if (w_OI == null) {
            QuantizedRows.scale(result, sums, factor.scale(row), count);
        } else {
            long weightScales = Floats.address(w_OI.scales()) + (long) columns.first * Floats.BYTES;
            QuantizedRows.scale(result, sums, factor.scale(row), weightScales, count);
            factor.outliers().addTo(row, result, columns.outputs, columns.first, count);
        }
        RoundedRows.store(to, factor.index(row, columns.outputs) + columns.first, count, result, beta);
    }

    /** Each row of a FLOAT or BFLOAT16 matrix to signed bytes and a scale: the rounding of weights. */
    void quantize(Tensor q_OI, Tensor w_OI) {
        Numbers from = Numbers.of(w_OI);
        long to = q_OI.segment().address();
        long scale = Floats.address(q_OI.scales());
        int width = w_OI.cols();
        workers.each(w_OI.rows(), (row, worker) -> {
            long values = from.read((long) row * width, width, Stage.buffer(0, width));
            Floats.put(
                    scale + (long) row * Floats.BYTES, QuantizedRows.quantize(to + (long) row * width, values, width));
        });
    }

    @Override
    public void close() {
        factor.close();
        Scratch.closeAll(sums);
    }
}

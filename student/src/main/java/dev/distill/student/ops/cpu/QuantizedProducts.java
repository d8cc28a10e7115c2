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
    /** Memory for a chunk's rounded factors. */
    private static final long FACTOR_BYTES = 32L << 20;

    /** Sums of a forward's tile: they stay in the cache until they are scaled. A backward's tile has all columns. */
    private static final int MOST_SUMS = 5 << 17;

    /** Up to so many rows a forward is computed by our own dot products. */
    private static final int FEW_ROWS = 4;

    /** Outputs of one of their tasks. */
    private static final int FEW_ROWS_OUTPUTS = 128;

    private final Workers workers;
    private final OneDnn oneDnn;
    private final Scratch widened = new Scratch();
    private final Scratch factors = new Scratch();
    private final Scratch scales = new Scratch();
    private final Scratch[] sums;
    private final Outliers outliers;

    QuantizedProducts(Workers workers, OneDnn oneDnn) {
        this.workers = workers;
        this.oneDnn = oneDnn;
        this.outliers = new Outliers(workers);
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
        int most = (int) Math.clamp(FACTOR_BYTES / inputs, 1, Math.max(1, allRows));
        int step = Math.ceilDiv(allRows, Math.max(1, Math.ceilDiv(allRows, most))); // chunks of one size
        long bytes = factors.reserve((long) step * inputs);
        long rowScales = scales.reserve((long) step * Floats.BYTES);
        for (int first = 0; first < allRows; first += step) {
            Chunk chunk = new Chunk(first, Math.min(step, allRows - first), inputs, bytes, rowScales);
            if (transposed) {
                roundInputs(from, chunk);
            } else {
                roundGradients(from, w_OI, chunk);
            }
            multiply(to, chunk, w_OI, transposed, beta);
        }
    }

    private void multiply(Numbers to, Chunk chunk, Tensor w_OI, boolean transposed, float beta) {
        if (transposed && chunk.rows <= FEW_ROWS) {
            multiplyFewRows(to, chunk, w_OI, beta);
        } else {
            if (transposed) {
                outliers.fetch(chunk.rows, w_OI);
            }
            multiplyInTiles(to, chunk, w_OI, transposed, beta);
        }
    }

    /** The same numbers without oneDNN, a call of which costs more than what a few rows are. */
    private void multiplyFewRows(Numbers to, Chunk chunk, Tensor w_OI, float beta) {
        int outputs = w_OI.rows();
        int inputs = chunk.inputs;
        long wide = widened.reserve((long) chunk.rows * inputs * Short.BYTES);
        RowBytes.widenBlock(wide, chunk.bytes, chunk.rows * inputs);
        long weights = w_OI.segment().address();
        workers.each(Math.ceilDiv(outputs, FEW_ROWS_OUTPUTS), (task, worker) -> {
            int first = task * FEW_ROWS_OUTPUTS;
            int count = Math.min(FEW_ROWS_OUTPUTS, outputs - first);
            Columns columns = new Columns(outputs, first, count, w_OI, false);
            long acc = sums[worker].reserve((long) count * Item.INT32.bytes());
            for (int row = 0; row < chunk.rows; row++) {
                long x = wide + (long) row * inputs * Short.BYTES;
                RowBytes.sumsBlock(acc, x, weights + (long) first * inputs, inputs, count);
                finish(to, beta, chunk, row, columns, acc);
            }
        });
    }

    private void multiplyInTiles(Numbers to, Chunk chunk, Tensor w_OI, boolean transposed, float beta) {
        int outputs = transposed ? w_OI.rows() : w_OI.cols();
        ProductTiles cut = ProductTiles.of(chunk.rows, outputs, transposed, MOST_SUMS, workers.count());
        workers.each(cut.count(), (tile, worker) -> {
            int rows = cut.rows(tile);
            int cols = cut.cols(tile);
            long acc = sums[worker].reserve((long) rows * cols * Item.INT32.bytes());
            oneDnn.alone(worker)
                    .multiply(
                            Operand.whole(chunk.values(cut.row(tile)), rows, chunk.inputs, Item.INT8, false),
                            weight(w_OI, transposed, cut.col(tile), cols),
                            Operand.whole(acc, rows, cols, Item.INT32, false),
                            0);
            Columns columns = new Columns(outputs, cut.col(tile), cols, transposed ? w_OI : null, true);
            for (int row = 0; row < rows; row++) {
                long sum = acc + (long) row * cols * Item.INT32.bytes();
                finish(to, beta, chunk, cut.row(tile) + row, columns, sum);
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

    /** Some rows of a product: the first of them, how many, and where their bytes and scales are. */
    private record Chunk(long first, int rows, int inputs, long bytes, long rowScales) {
        long values(int row) {
            return bytes + (long) row * inputs;
        }

        /** Rounds a row's numbers. */
        void round(int row, long numbers) {
            Floats.put(rowScales + (long) row * Floats.BYTES, QuantizedRows.quantize(values(row), numbers, inputs));
        }

        float scale(int row) {
            return Floats.get(rowScales + (long) row * Floats.BYTES);
        }
    }

    /**
     * Some columns of a result of {@code outputs}.
     *
     * @param w_OI whose scales the sums still lack, and whose outliers are to be added; null where both are in the factors already
     * @param fetched whether the outliers' weights were fetched
     */
    private record Columns(
            int outputs, int first, int count, @Nullable Tensor w_OI, boolean fetched) {}

    private void roundInputs(Numbers from, Chunk chunk) {
        int inputs = chunk.inputs;
        outliers.begin(chunk.rows, inputs);
        workers.each(chunk.rows, (row, worker) -> {
            long copy = Stage.buffer(0, inputs);
            long values = from.read((chunk.first + row) * inputs, inputs, copy);
            if (values != copy) {
                Floats.copy(copy, values, (long) inputs * Floats.BYTES);
            }
            outliers.take(row, copy, inputs);
            chunk.round(row, copy);
        });
    }

    private void roundGradients(Numbers from, Tensor w_OI, Chunk chunk) {
        int inputs = chunk.inputs;
        long weightScales = Floats.address(w_OI.scales());
        workers.each(chunk.rows, (row, worker) -> {
            long scaled = Stage.buffer(0, inputs);
            QuantizedRows.multiply(
                    scaled, from.read((chunk.first + row) * inputs, inputs, scaled), weightScales, inputs);
            chunk.round(row, scaled);
        });
    }

    /** Part of a row of the result, from its sums. */
    private void finish(Numbers to, float beta, Chunk chunk, int row, Columns columns, long sums) {
        int count = columns.count;
        long index = (chunk.first + row) * columns.outputs + columns.first;
        long result = Stage.buffer(0, count);
        Tensor w_OI = columns.w_OI;
        if (w_OI == null) {
            QuantizedRows.scale(result, sums, chunk.scale(row), count);
        } else {
            long weightScales = Floats.address(w_OI.scales()) + (long) columns.first * Floats.BYTES;
            QuantizedRows.scale(result, sums, chunk.scale(row), weightScales, count);
            if (columns.fetched) {
                outliers.addTo(row, result, columns.outputs, columns.first, count);
            } else {
                outliers.addTo(row, result, w_OI, columns.first, count);
            }
        }
        if (beta != 0) {
            Elements.axpyBlock(result, beta, to.read(index, count, Stage.buffer(1, count)), count);
        }
        to.set(index, count, result);
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
        widened.close();
        factors.close();
        scales.close();
        outliers.close();
        Scratch.closeAll(sums);
    }
}

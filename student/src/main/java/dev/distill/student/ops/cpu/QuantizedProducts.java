package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.OneDnn.Operand;
import dev.distill.student.ops.nd4j.NdArrays.Item;
import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Linear layers whose weight is INT8 with a scale for each output (Dettmers et al. 2022, "LLM.int8()", vector-wise quantisation). The other
 * factor is quantised row by row as it comes, an input without its {@link Outliers}; sums are INT32 and exact. For the input's gradient the weight's scales are first multiplied into
 * the output's gradient, so that the same bytes serve both directions.
 */
final class QuantizedProducts implements AutoCloseable {
    /** Memory for the sums of a chunk of rows. oneDNN is a fifth slower on parts of a product, though their sums would stay in the cache. */
    private static final long SUM_BYTES = 64L << 20;

    private final Workers workers;
    private final OneDnn oneDnn;
    private final Scratch factors = new Scratch();
    private final Scratch scales = new Scratch();
    private final Scratch sums = new Scratch();
    private final Outliers outliers;

    QuantizedProducts(Workers workers, OneDnn oneDnn) {
        this.workers = workers;
        this.oneDnn = oneDnn;
        this.outliers = new Outliers(workers);
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
        int outputs = transposed ? w_OI.rows() : w_OI.cols();
        int inputs = transposed ? w_OI.cols() : w_OI.rows();
        int most = (int) Math.clamp(SUM_BYTES / ((long) outputs * Item.INT32.bytes()), 1, Math.max(1, allRows));
        int step = Math.ceilDiv(allRows, Math.max(1, Math.ceilDiv(allRows, most))); // chunks of one size
        long bytes = factors.reserve((long) step * inputs);
        long rowScales = scales.reserve((long) step * Floats.BYTES);
        long acc = sums.reserve((long) step * outputs * Item.INT32.bytes());
        Operand weight = Operand.whole(w_OI.segment().address(), w_OI.rows(), w_OI.cols(), Item.INT8, transposed);
        for (int first = 0; first < allRows; first += step) {
            Chunk chunk = new Chunk(first, Math.min(step, allRows - first), inputs, outputs, bytes, rowScales, acc);
            if (transposed) {
                roundInputs(from, chunk);
            } else {
                roundGradients(from, w_OI, chunk);
            }
            oneDnn.multiply(
                    Operand.whole(bytes, chunk.rows, inputs, Item.INT8, false),
                    weight,
                    Operand.whole(acc, chunk.rows, outputs, Item.INT32, false),
                    0);
            if (transposed) {
                outliers.fetch(chunk.rows, w_OI);
            }
            finish(to, beta, chunk, transposed ? Floats.address(w_OI.scales()) : 0);
        }
    }

    /** Some rows of a product: the first of them, how many, and where their bytes, scales and sums are. */
    private record Chunk(long first, int rows, int inputs, int outputs, long bytes, long rowScales, long sums) {
        long sums(int row) {
            return sums + (long) row * outputs * Item.INT32.bytes();
        }

        /** Rounds a row's numbers. */
        void round(int row, long values) {
            float scale = quantize(bytes + (long) row * inputs, values, inputs);
            Floats.put(rowScales + (long) row * Floats.BYTES, scale);
        }

        float scale(int row) {
            return Floats.get(rowScales + (long) row * Floats.BYTES);
        }
    }

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
            multiplyRow(scaled, from.read((chunk.first + row) * inputs, inputs, scaled), weightScales, inputs);
            chunk.round(row, scaled);
        });
    }

    /** @param weightScales of the outputs, which then have outliers too; 0 where the scales are in the factors already */
    private void finish(Numbers to, float beta, Chunk chunk, long weightScales) {
        int outputs = chunk.outputs;
        workers.each(chunk.rows, (row, worker) -> {
            long index = (chunk.first + row) * outputs;
            long result = Stage.buffer(0, outputs);
            if (weightScales == 0) {
                scale(result, chunk.sums(row), chunk.scale(row), outputs);
            } else {
                scale(result, chunk.sums(row), chunk.scale(row), weightScales, outputs);
                outliers.addTo(row, result, outputs);
            }
            if (beta != 0) {
                Elements.axpyBlock(result, beta, to.read(index, outputs, Stage.buffer(1, outputs)), outputs);
            }
            to.set(index, outputs, result);
        });
    }

    /** Each row of a FLOAT or BFLOAT16 matrix to signed bytes and a scale: the rounding of weights. */
    void quantize(Tensor q_OI, Tensor w_OI) {
        Numbers from = Numbers.of(w_OI);
        long to = q_OI.segment().address();
        long scale = Floats.address(q_OI.scales());
        int width = w_OI.cols();
        workers.each(w_OI.rows(), (row, worker) -> {
            long values = from.read((long) row * width, width, Stage.buffer(0, width));
            Floats.put(scale + (long) row * Floats.BYTES, quantize(to + (long) row * width, values, width));
        });
    }

    /** {@code q = round(x / scale)} with {@code scale = max |x| / 127}, ties to even; a row of zeros has the scale 0. */
    private static float quantize(long q, long x, int count) {
        float max = maxMagnitude(x, count);
        float inverse = max == 0 ? 0 : Bytes.LARGEST / max;
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            Bytes.store(q + i, Floats.load(x + (long) i * Floats.BYTES).mul(inverse));
        }
        for (int i = full; i < count; i++) {
            Bytes.put(q + i, (byte) Math.rint(Floats.get(x + (long) i * Floats.BYTES) * inverse));
        }
        return max / Bytes.LARGEST;
    }

    private static float maxMagnitude(long x, int count) {
        FloatVector even = FloatVector.zero(Floats.SPECIES);
        FloatVector odd = even;
        int full = count / (2 * Floats.LANES) * 2 * Floats.LANES;
        for (int i = 0; i < full; i += 2 * Floats.LANES) {
            long at = x + (long) i * Floats.BYTES;
            FloatVector left = Floats.load(at).abs();
            even = even.max(left); // slower than a comparison, but a NaN stays one
            FloatVector right =
                    Floats.load(at + (long) Floats.LANES * Floats.BYTES).abs();
            odd = odd.max(right);
        }
        float max = Floats.max(even.max(odd));
        for (int i = full; i < count; i++) {
            max = Math.max(max, Math.abs(Floats.get(x + (long) i * Floats.BYTES)));
        }
        return max;
    }

    private static void multiplyRow(long y, long x, long factors, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(y + at, Floats.load(x + at).mul(Floats.load(factors + at)));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(y + at, Floats.get(x + at) * Floats.get(factors + at));
        }
    }

    /** {@code y = scale sums}. */
    private static void scale(long y, long sums, float scale, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            FloatVector whole = (FloatVector) Bytes.loadSums(sums + at).convert(VectorOperators.I2F, 0);
            Floats.store(y + at, whole.mul(scale));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(y + at, Bytes.getSum(sums + at) * scale);
        }
    }

    /** {@code y[i] = scale factors[i] sums[i]}. */
    private static void scale(long y, long sums, float scale, long factors, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            FloatVector whole = (FloatVector) Bytes.loadSums(sums + at).convert(VectorOperators.I2F, 0);
            Floats.store(y + at, whole.mul(scale).mul(Floats.load(factors + at)));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(y + at, Bytes.getSum(sums + at) * scale * Floats.get(factors + at));
        }
    }

    @Override
    public void close() {
        factors.close();
        scales.close();
        sums.close();
        outliers.close();
    }
}

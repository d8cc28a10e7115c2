package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;

/** Some rows of an eight-bit product's left-hand factor: rounded to bytes, each with a scale, an input's {@link Outliers} taken out before. */
final class RoundedRows implements AutoCloseable {
    /** Memory for the rows of a chunk. */
    private static final long BYTES = 32L << 20;

    private final Workers workers;
    private final Outliers outliers;
    private final Scratch bytes = new Scratch();
    private final Scratch scales = new Scratch();
    private long first;
    private int rows;
    private int width;

    RoundedRows(Workers workers) {
        this.workers = workers;
        this.outliers = new Outliers(workers);
    }

    /** Rows to be rounded at a time: chunks of one size. */
    static int step(int allRows, int width) {
        int most = (int) Math.clamp(BYTES / width, 1, Math.max(1, allRows));
        return Math.ceilDiv(allRows, Math.max(1, Math.ceilDiv(allRows, most)));
    }

    /** Rounds inputs of a linear layer, the first of which is row {@code first} of {@code from}. */
    void inputs(Numbers from, long first, int rows, int width) {
        begin(first, rows, width);
        outliers.begin(rows, width);
        workers.each(rows, (row, worker) -> {
            long copy = Stage.buffer(0, width);
            long values = from.read((first + row) * width, width, copy);
            if (values != copy) {
                Floats.copy(copy, values, (long) width * Floats.BYTES);
            }
            outliers.take(row, copy, width);
            round(row, copy);
        });
    }

    /** Rounds gradients of a linear layer's output, multiplied by the weight's scales. */
    void gradients(Numbers from, long first, int rows, Tensor w_OI) {
        begin(first, rows, w_OI.rows());
        long weightScales = Floats.address(w_OI.scales());
        workers.each(rows, (row, worker) -> {
            long scaled = Stage.buffer(0, width);
            long values = from.read((first + row) * width, width, scaled);
            QuantizedRows.multiply(scaled, values, weightScales, width);
            round(row, scaled);
        });
    }

    private void begin(long first, int rows, int width) {
        this.first = first;
        this.rows = rows;
        this.width = width;
        bytes.reserve(
                (long) PackedMatmul.rows(rows) * width + Floats.SPECIES.vectorByteSize()); // kernels read whole vectors
        scales.reserve((long) rows * Floats.BYTES);
    }

    private void round(int row, long numbers) {
        float scale = QuantizedRows.quantize(values(row), numbers, width);
        Floats.put(scales.reserve(0) + (long) row * Floats.BYTES, scale);
    }

    /** Rows that were rounded. */
    int count() {
        return rows;
    }

    /** Numbers of a row. */
    int width() {
        return width;
    }

    /** Where the row's bytes are; the next row's follow. */
    long values(int row) {
        return bytes.reserve(0) + (long) row * width;
    }

    Outliers outliers() {
        return outliers;
    }

    float scale(int row) {
        return Floats.get(scales.reserve(0) + (long) row * Floats.BYTES);
    }

    /** Where in the result, whose rows have so many numbers, the row begins. */
    long index(int row, int outputs) {
        return (first + row) * outputs;
    }

    /** Stores part of a row of the result, added to {@code beta} times what is there; leaves neither as it is in the first two buffers. */
    static void store(Numbers to, long index, int count, long result, float beta) {
        if (beta != 0) {
            Elements.axpyBlock(result, beta, to.read(index, count, Stage.buffer(1, count)), count);
        }
        to.set(index, count, result);
    }

    @Override
    public void close() {
        bytes.close();
        scales.close();
        outliers.close();
    }
}

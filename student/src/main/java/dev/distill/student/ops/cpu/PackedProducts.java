package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.PackedLayout;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers whose weight is PACKED: the numbers of {@link QuantizedProducts}' forward, for weights that are only ever multiplied by inputs. A
 * single row is multiplied by our own kernel, more of them by oneDNN; sums are exact, so a row's result does not depend on which.
 */
final class PackedProducts implements AutoCloseable {
    /** Up to so many rows our own kernel multiplies; oneDNN computes four in the time in which it would do two. */
    private static final int OWN_ROWS = 1;

    /** From so many rows on, weights that outliers need are fetched once for all of them. */
    private static final int FETCHING_ROWS = 8;

    /** But not of so many outputs as a head has: they would take hundreds of megabytes. */
    private static final int FETCHED_OUTPUTS = 32 << 10;

    /** Weights of a task: what stays in the second-level cache beside the sums. */
    private static final int TASK_BYTES = 128 << 10;

    private final Workers workers;
    private final RoundedRows factor;
    private final Scratch widened = new Scratch();
    private final Scratch[] sums;
    private final @Nullable PackedMatmul[] matmuls; // of each worker

    PackedProducts(Workers workers) {
        this.workers = workers;
        this.factor = new RoundedRows(workers);
        this.sums = Scratch.each(workers.count());
        this.matmuls = new PackedMatmul[workers.count()];
    }

    /** {@code y_NO = x_NI w_OIᵀ + beta y_NO}. */
    void forward(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        multiply(List.of(new Product(Numbers.of(y_NO), w_OI, beta)), Numbers.of(x_NI), x_NI.rows());
    }

    /** {@code y_NO = x_NI w_OIᵀ} for several weights, the rows of x being rounded once. */
    void forward(List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        List<Product> products = IntStream.range(0, w_OI.size())
                .mapToObj(i -> new Product(Numbers.of(y_NO.get(i)), w_OI.get(i), 0))
                .toList();
        multiply(products, Numbers.of(x_NI), x_NI.rows());
    }

    /** {@code y = x w_OIᵀ} for rows without gaps. */
    void forward(Matrix y, Matrix x, int rows, Tensor w_OI) {
        Product product = new Product(new Numbers(y.address(), y.half()), w_OI, 0);
        multiply(List.of(product), new Numbers(x.address(), x.half()), rows);
    }

    private void multiply(List<Product> products, Numbers from, int allRows) {
        int inputs = products.getFirst().inputs;
        int step = RoundedRows.step(allRows, inputs);
        for (int first = 0; first < allRows; first += step) {
            factor.inputs(from, first, Math.min(step, allRows - first), inputs);
            if (factor.count() <= OWN_ROWS) {
                widen();
                workers.each(products);
            } else {
                workers.each(factor.count(), (row, worker) -> Bytes.flipBlock(factor.values(row), inputs));
                products.forEach(Product::multiplyInTiles);
            }
        }
    }

    /** The rows' bytes in 16 bits, filled up as the weights are. */
    private void widen() {
        widened.reserve((long) factor.count() * PackedLayout.padded(factor.width()) * Short.BYTES);
        workers.each(
                factor.count(), (row, worker) -> PackedRows.widenBlock(wide(row), factor.values(row), factor.width()));
    }

    private long wide(int row) {
        return widened.reserve(0) + (long) row * PackedLayout.padded(factor.width()) * Short.BYTES;
    }

    private PackedMatmul matmul(int worker) {
        PackedMatmul matmul = matmuls[worker];
        if (matmul == null) {
            matmul = new PackedMatmul();
            matmuls[worker] = matmul;
        }
        return matmul;
    }

    /** One call, with the rows that are just rounded. */
    private final class Product implements Workers.Tasks {
        private final Numbers to;
        private final Tensor w_OI;
        private final float beta;
        private final int outputs;
        private final int inputs;
        private final long weights;
        private final int perTask; // outputs, a multiple of a panel's rows

        Product(Numbers to, Tensor w_OI, float beta) {
            this.to = to;
            this.w_OI = w_OI;
            this.beta = beta;
            this.outputs = w_OI.rows();
            this.inputs = w_OI.cols();
            this.weights = Floats.address(w_OI);
            this.perTask = (int) Math.max(1, TASK_BYTES / PackedLayout.panelBytes(inputs)) * PackedLayout.PANEL;
        }

        @Override
        public int count() {
            return Math.ceilDiv(outputs, perTask);
        }

        /** Some outputs of a row. */
        @Override
        public void run(int task, int worker) {
            int first = task * perTask;
            int count = Math.min(perTask, outputs - first);
            long acc = sums[worker].reserve((long) PackedLayout.padded(count) * Integer.BYTES);
            long halves = Stage.buffer(0, 2 * PackedLayout.PANEL);
            for (int row = 0; row < factor.count(); row++) {
                for (int o = 0; o < count; o += PackedLayout.PANEL) {
                    long to = acc + (long) o * Integer.BYTES;
                    PackedRows.sumsBlock(
                            to, compensation(first + o), wide(row), panel(first + o), inputs, compensation(0), halves);
                }
                finish(row, first, count, acc, false);
            }
        }

        void multiplyInTiles() {
            boolean fetched = factor.count() >= FETCHING_ROWS && outputs <= FETCHED_OUTPUTS;
            if (fetched) {
                factor.outliers().fetch(factor.count(), w_OI);
            }
            int across = count();
            int down = Math.ceilDiv(factor.count(), PackedMatmul.MOST_ROWS);
            workers.each(across * down, (tile, worker) -> {
                int row = tile / across * PackedMatmul.MOST_ROWS;
                int rows = Math.min(PackedMatmul.MOST_ROWS, factor.count() - row);
                int first = tile % across * perTask;
                int count = Math.min(perTask, outputs - first);
                int width = PackedLayout.padded(count);
                int height = PackedMatmul.rows(rows);
                long acc = sums[worker].reserve((long) height * width * Integer.BYTES);
                matmul(worker).multiply(acc, factor.values(row), panel(first), height, inputs, width);
                for (int i = 0; i < rows; i++) {
                    finish(row + i, first, count, acc + (long) i * width * Integer.BYTES, fetched);
                }
            });
        }

        private long panel(int output) {
            return weights + PackedLayout.offset(output, 0, inputs);
        }

        private long compensation(int output) {
            return weights + PackedLayout.compensation(output, outputs, inputs);
        }

        /** Part of a row of the result, from its sums. */
        private void finish(int row, int first, int count, long sums, boolean fetched) {
            long result = Stage.buffer(0, count);
            long scales = Floats.address(w_OI.scales()) + (long) first * Floats.BYTES;
            QuantizedRows.scale(result, sums, compensation(first), factor.scale(row), scales, count);
            if (fetched) {
                factor.outliers().addTo(row, result, outputs, first, count);
            } else {
                factor.outliers().addTo(row, result, w_OI, first, count);
            }
            RoundedRows.store(to, factor.index(row, outputs) + first, count, result, beta);
        }
    }

    /** Each row of a FLOAT or BFLOAT16 matrix to signed bytes and a scale, in their places. */
    void pack(Tensor packed_OI, Tensor w_OI) {
        Numbers from = Numbers.of(w_OI);
        long scale = Floats.address(packed_OI.scales());
        int width = w_OI.cols();
        workers.each(w_OI.rows(), (row, worker) -> {
            try (Arena brief = Arena.ofConfined()) {
                MemorySegment bytes = brief.allocate(width);
                long values = from.read((long) row * width, width, Stage.buffer(0, width));
                Floats.put(scale + (long) row * Floats.BYTES, QuantizedRows.quantize(bytes.address(), values, width));
                PackedLayout.put(packed_OI.segment(), row, w_OI.rows(), bytes);
            }
        });
    }

    @Override
    public void close() {
        factor.close();
        widened.close();
        Scratch.closeAll(sums);
        for (PackedMatmul matmul : matmuls) {
            if (matmul != null) {
                matmul.close();
            }
        }
    }
}

package dev.distill.student.ops.cpu;

import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.tensor.NibbleLayout;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Linear layers whose weight is NIBBLES. As many rows as decoding has are rounded to eight bits, without their {@link Outliers}, and multiplied by our
 * own kernel, each for itself; more, as a prompt has, in BFLOAT16 with the weight widened for the time of the product.
 */
final class NibbleProducts implements AutoCloseable {
    /** Up to so many rows are multiplied in eight bits: as many as one step of decoding has. */
    private static final int FEW_ROWS = 64;

    /** Weights of a task. */
    private static final int TASK_BYTES = 64 << 10;

    /** Memory for widened weights: so many outputs at a time. */
    private static final int WIDENED_BYTES = 16 << 20;

    private final Workers workers;
    private final Products products;
    private final RoundedRows factor;
    private final Scratch differences = new Scratch();
    private final Scratch transposed = new Scratch();
    private final Scratch results = new Scratch();
    private final Scratch[] sums;

    /** @param products of BFLOAT16 */
    NibbleProducts(Workers workers, Products products) {
        this.workers = workers;
        this.products = products;
        this.factor = new RoundedRows(workers);
        this.sums = Scratch.each(workers.count());
    }

    /** {@code y_NO = x_NI w_OIᵀ + beta y_NO}. */
    void forward(Tensor y_NO, Tensor x_NI, Tensor w_OI, float beta) {
        forward(List.of(new Product(y_NO, w_OI, beta)), x_NI);
    }

    /** {@code y_NO = x_NI w_OIᵀ} for several weights, the rows of x being rounded once. */
    void forward(List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        forward(
                IntStream.range(0, w_OI.size())
                        .mapToObj(i -> new Product(y_NO.get(i), w_OI.get(i), 0))
                        .toList(),
                x_NI);
    }

    private void forward(List<Product> each, Tensor x_NI) {
        if (x_NI.rows() <= FEW_ROWS) {
            factor.inputs(Numbers.of(x_NI), 0, x_NI.rows(), x_NI.cols());
            differ();
            workers.each(each);
        } else {
            each.forEach(product -> product.multiplyWidened(x_NI));
        }
    }

    /** The rows as {@link NibbleRows} multiplies them. */
    private void differ() {
        differences.reserve(factor.count() * rowBytes());
        workers.each(
                factor.count(),
                (row, worker) -> NibbleRows.differBlock(row(row), starts(row), factor.values(row), factor.width()));
    }

    private long row(int row) {
        return differences.reserve(0) + row * rowBytes();
    }

    private long starts(int row) {
        return row(row) + (long) factor.width() * Short.BYTES;
    }

    private long rowBytes() {
        return (long) (factor.width() + factor.width() / NibbleLayout.BLOCK) * Short.BYTES;
    }

    /** One weight, and where its result goes. */
    private final class Product implements Workers.Tasks {
        private final Tensor y_NO;
        private final Tensor w_OI;
        private final float beta;
        private final int outputs;
        private final int inputs;
        private final int blocks;
        private final long weights;
        private final int perTask; // outputs, a multiple of a panel's rows

        Product(Tensor y_NO, Tensor w_OI, float beta) {
            this.y_NO = y_NO;
            this.w_OI = w_OI;
            this.beta = beta;
            this.outputs = w_OI.rows();
            this.inputs = w_OI.cols();
            this.blocks = inputs / NibbleLayout.BLOCK;
            this.weights = Floats.address(w_OI);
            this.perTask = (int) Math.max(1, TASK_BYTES / NibbleLayout.panelBytes(inputs)) * NibbleLayout.PANEL;
        }

        @Override
        public int count() {
            return Math.ceilDiv(outputs, perTask);
        }

        @Override
        public void run(int task, int worker) {
            int first = task * perTask;
            int count = Math.min(perTask, outputs - first);
            long acc = sums[worker].reserve((long) blocks * NibbleLayout.GROUP_BYTES);
            long result = Stage.buffer(0, NibbleLayout.padded(count));
            Numbers to = Numbers.of(y_NO);
            for (int row = 0; row < factor.count(); row++) {
                for (int o = 0; o < count; o += NibbleLayout.PANEL) {
                    long panel = weights + NibbleLayout.block(first + o, 0, inputs);
                    NibbleRows.sumsBlock(acc, row(row), starts(row), panel, blocks);
                    NibbleRows.scaleBlock(result + (long) o * Floats.BYTES, acc, panel, blocks, factor.scale(row));
                }
                factor.outliers().addTo(row, result, w_OI, first, count);
                RoundedRows.store(to, factor.index(row, outputs) + first, count, result, beta);
            }
        }

        void multiplyWidened(Tensor x_NI) {
            int rows = x_NI.rows();
            int panels = Math.max(1, WIDENED_BYTES / (inputs * NibbleLayout.GROUP_BYTES));
            int step = Math.min(panels * NibbleLayout.PANEL, NibbleLayout.padded(outputs));
            for (int first = 0; first < outputs; first += step) {
                int begin = first;
                int count = Math.min(step, outputs - first);
                int width = NibbleLayout.padded(count); // all in one piece, as oneDNN takes it
                long wide = transposed.reserve((long) inputs * width * Halves.BYTES);
                workers.each(width / NibbleLayout.PANEL, (panel, worker) -> {
                    long from = weights + NibbleLayout.block(begin + panel * NibbleLayout.PANEL, 0, inputs);
                    long to = wide + (long) panel * NibbleLayout.GROUP_BYTES;
                    NibbleRows.transposeBlock(to, (long) width * Halves.BYTES, from, blocks);
                });
                Matrix result = Matrix.floats(results.reserve((long) rows * width * Floats.BYTES), width);
                Size size = new Size(rows, inputs, width);
                products.multiply(Matrix.of(x_NI), Matrix.halves(wide, width), result, size, 0);
                Numbers to = Numbers.of(y_NO);
                workers.each(rows, (row, worker) -> {
                    long index = (long) row * outputs + begin;
                    RoundedRows.store(to, index, count, result.from(row, 0).address(), beta);
                });
            }
        }
    }

    /** The blocks of a matrix in GGUF's Q4_0 to their places. @param q4_0 row after row */
    static void pack(Workers workers, Tensor nibbles_OI, MemorySegment q4_0) {
        long rowBytes = q4_0.byteSize() / nibbles_OI.rows();
        workers.each(
                nibbles_OI.rows(),
                (row, worker) -> NibbleLayout.put(
                        nibbles_OI.segment(), row, nibbles_OI.cols(), q4_0.asSlice(row * rowBytes, rowBytes)));
    }

    @Override
    public void close() {
        factor.close();
        differences.close();
        transposed.close();
        results.close();
        Scratch.closeAll(sums);
    }
}

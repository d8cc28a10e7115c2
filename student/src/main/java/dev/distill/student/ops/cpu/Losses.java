package dev.distill.student.ops.cpu;

import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Cross-entropy of the output head, a chunk of rows at a time. */
final class Losses implements AutoCloseable {
    /** Memory for the logits of a chunk. A chunk of few rows pays for packing the whole head again. */
    private static final long LOGIT_BYTES = 64L << 20;

    private static final int MOST_ROWS = 1024;

    private final Workers workers;
    private final Products products;
    private final Scratch scratch = new Scratch();

    Losses(Workers workers, Products products) {
        this.workers = workers;
        this.products = products;
    }

    LossSum forward(CrossEntropy call) {
        int vocabulary = call.w_VC().rows();
        int step = chunkRows(vocabulary);
        for (int from = 0; from < call.rows(); from += step) {
            int first = from;
            Matrix logits_NV = logits(call, from, Math.min(step, call.rows() - from));
            workers.each(
                    Math.min(step, call.rows() - from),
                    (row, worker) -> lossAndProbabilities(
                            call, first + row, logits_NV.from(row, 0).address()));
        }
        return sum(call);
    }

    LossSum backward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call, float dloss) {
        int vocabulary = call.w_VC().rows();
        int width = call.w_VC().cols();
        int step = chunkRows(vocabulary);
        for (int from = 0; from < call.rows(); from += step) {
            int first = from;
            int rows = Math.min(step, call.rows() - from);
            Matrix logits_NV = logits(call, from, rows);
            workers.each(
                    rows,
                    (row, worker) -> lossAndGradient(
                            call, first + row, logits_NV.from(row, 0).address(), dloss));
            Matrix dx = Matrix.of(dx_NC).from(from, 0);
            products.multiply(logits_NV, Matrix.of(call.w_VC()), dx, new Size(rows, vocabulary, width), 0);
            if (dw_VC != null) {
                Matrix x = Matrix.of(call.x_NC()).from(from, 0);
                products.multiply(logits_NV.transposed(), x, Matrix.of(dw_VC), new Size(vocabulary, rows, width), 1);
            }
        }
        return sum(call);
    }

    /** Turns a row of logits into its gradient, {@code dloss (softmax - onehot)}; zero where there is no target. */
    private static void lossAndGradient(CrossEntropy call, int row, long logits, float dloss) {
        int vocabulary = call.w_VC().rows();
        lossAndProbabilities(call, row, logits);
        int target = call.target(row);
        if (target == CrossEntropy.NO_TARGET) {
            Floats.zero(logits, (long) vocabulary * Floats.BYTES);
        } else {
            Floats.put(logits + (long) target * Floats.BYTES, logit(logits, target) - 1);
            Elements.scaleBlock(logits, dloss, vocabulary);
        }
    }

    /** Stores the row's loss and, where there is a target, turns its logits into probabilities. */
    private static void lossAndProbabilities(CrossEntropy call, int row, long logits) {
        int target = call.target(row);
        float loss = 0;
        if (target != CrossEntropy.NO_TARGET) {
            float own = logit(logits, target);
            loss = Softmax.row(logits, logits, call.w_VC().rows(), 1) - own;
        }
        Floats.put(Floats.address(call.loss_N()) + (long) row * Floats.BYTES, loss);
    }

    private Matrix logits(CrossEntropy call, int from, int rows) {
        int vocabulary = call.w_VC().rows();
        long rowBytes = (long) vocabulary * Floats.BYTES;
        Matrix logits = new Matrix(scratch.reserve(rows * rowBytes), rowBytes, Floats.BYTES);
        Matrix x = Matrix.of(call.x_NC()).from(from, 0);
        Matrix w = Matrix.of(call.w_VC());
        products.multiply(x, w.transposed(), logits, new Size(rows, call.w_VC().cols(), vocabulary), 0);
        return logits;
    }

    private static int chunkRows(int vocabulary) {
        return (int) Math.clamp(LOGIT_BYTES / ((long) vocabulary * Floats.BYTES), 1, MOST_ROWS);
    }

    private static float logit(long row, int index) {
        return Floats.get(row + (long) index * Floats.BYTES);
    }

    /** In the order of the rows. */
    private static LossSum sum(CrossEntropy call) {
        double sum = 0;
        int count = 0;
        for (int row = 0; row < call.rows(); row++) {
            sum += call.loss_N().get(row);
            count += call.target(row) == CrossEntropy.NO_TARGET ? 0 : 1;
        }
        return new LossSum(sum, count);
    }

    @Override
    public void close() {
        scratch.close();
    }
}

package dev.distill.student.ops.cpu;

import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.LogitRows;
import dev.distill.student.ops.LossSum;
import dev.distill.student.ops.cpu.Gemm.Size;
import dev.distill.student.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy of the output head. Rows without a target never reach it; the others do a chunk at a time, so that the logits are never whole.
 * With a BFLOAT16 head that is multiplied in BFLOAT16, the logits of a chunk are BFLOAT16 too.
 */
final class Losses implements AutoCloseable {
    private final Workers workers;
    private final Products products;
    private final @Nullable EightBits eightBits;
    private final boolean halves;
    private final Scratch logitMemory = new Scratch();
    private final Scratch inputMemory = new Scratch();
    private final Scratch gradientMemory = new Scratch();

    /**
     * @param eightBits what multiplies a head in INT8; null where nothing does
     * @param halves whether products with BFLOAT16 in them are computed in it
     */
    Losses(Workers workers, Products products, @Nullable EightBits eightBits, boolean halves) {
        this.workers = workers;
        this.products = products;
        this.eightBits = eightBits;
        this.halves = halves;
    }

    LossSum forward(CrossEntropy call) {
        return new Run(call).forward();
    }

    LossSum backward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call, float dloss) {
        return new Run(call).backward(dx_NC, dw_VC, dloss);
    }

    @Override
    public void close() {
        logitMemory.close();
        inputMemory.close();
        gradientMemory.close();
    }

    /** One call. */
    private final class Run {
        private final CrossEntropy call;
        private final int vocabulary;
        private final int width;
        private final Numbers x;
        private final Matrix w;
        private final long loss;
        private final int[] rows; // those with a target
        private final int step; // of them at a time
        private final double[] crossEntropies; // of the rows with a target
        private final double[] divergences;

        Run(CrossEntropy call) {
            this.call = call;
            this.vocabulary = call.w_VC().rows();
            this.width = call.w_VC().cols();
            this.x = Numbers.of(call.x_NC());
            this.w = Matrix.of(call.w_VC());
            this.loss = Floats.address(call.loss_N());
            this.rows = IntStream.range(0, call.rows())
                    .filter(row -> call.target(row) != CrossEntropy.NO_TARGET)
                    .toArray();
            int most = LogitRows.most(vocabulary, itemBytes());
            this.step = Math.ceilDiv(rows.length, Math.max(1, Math.ceilDiv(rows.length, most))); // chunks of one size
            this.crossEntropies = new double[rows.length];
            this.divergences = new double[rows.length];
            Floats.zero(loss, (long) call.rows() * Floats.BYTES);
        }

        private boolean half() {
            return halves && w.half();
        }

        private int itemBytes() {
            return half() ? Halves.BYTES : Floats.BYTES;
        }

        LossSum forward() {
            for (int from = 0; from < rows.length; from += step) {
                int first = from;
                int count = Math.min(step, rows.length - from);
                Matrix logits = logits(inputs(from, count), count);
                workers.each(count, (i, worker) -> loss(first + i, logits.from(i, 0)));
            }
            return sum();
        }

        LossSum backward(Tensor dx_NC, @Nullable Tensor dw_VC, float dloss) {
            Numbers dx = Numbers.of(dx_NC);
            clearRowsWithoutTarget(dx);
            for (int from = 0; from < rows.length; from += step) {
                int first = from;
                int count = Math.min(step, rows.length - from);
                Matrix inputs = inputs(from, count);
                Matrix logits = logits(inputs, count);
                workers.each(
                        count, (i, worker) -> loss(first + i, logits.from(i, 0)).toGradient(dloss));
                Matrix gradient = scratch(gradientMemory, count, width);
                products.multiply(logits, w, gradient, new Size(count, vocabulary, width), 0);
                scatter(dx, gradient, first, count);
                if (dw_VC != null) {
                    Size size = new Size(vocabulary, count, width);
                    products.multiply(logits.transposed(), inputs, Matrix.of(dw_VC), size, 1);
                }
            }
            return sum();
        }

        /** Computes and stores the loss of the i-th row with a target. */
        private RowLoss loss(int i, Matrix logits) {
            LogitRow values = new LogitRow(new Numbers(logits.address(), logits.half()), vocabulary);
            RowLoss result = new RowLoss(values, call, rows[i]);
            Floats.put(loss + (long) rows[i] * Floats.BYTES, (float) result.value());
            crossEntropies[i] = result.crossEntropy();
            divergences[i] = result.divergence();
            return result;
        }

        /** The inputs of some rows with a target, side by side. */
        private Matrix inputs(int from, int count) {
            Matrix inputs = scratch(inputMemory, count, width);
            Numbers to = new Numbers(inputs.address(), inputs.half());
            workers.each(count, (i, worker) -> {
                long values = x.read((long) rows[from + i] * width, width, Stage.buffer(0, width));
                to.set((long) i * width, width, values);
            });
            return inputs;
        }

        private void scatter(Numbers dx, Matrix gradient, int from, int count) {
            Numbers source = new Numbers(gradient.address(), gradient.half());
            workers.each(count, (i, worker) -> {
                long values = source.read((long) i * width, width, Stage.buffer(0, width));
                dx.set((long) rows[from + i] * width, width, values);
            });
        }

        private void clearRowsWithoutTarget(Numbers dx) {
            for (int row = 0; row < call.rows(); row++) {
                if (call.target(row) == CrossEntropy.NO_TARGET) {
                    dx.clear((long) row * width, width);
                }
            }
        }

        private Matrix logits(Matrix inputs, int count) {
            Matrix logits = scratch(logitMemory, count, vocabulary);
            Tensor eightBits_VC = call.eightBits_VC();
            if (eightBits_VC == null) {
                products.multiply(inputs, w.transposed(), logits, new Size(count, width, vocabulary), 0);
            } else if (eightBits != null) {
                eightBits.forward(logits, inputs, count, eightBits_VC);
            } else {
                throw new IllegalArgumentException("cross-entropy: a head in INT8 needs compute INT8");
            }
            return logits;
        }

        private Matrix scratch(Scratch memory, int count, int cols) {
            long address = memory.reserve((long) Math.min(step, rows.length) * cols * itemBytes());
            return half() ? Matrix.halves(address, cols) : Matrix.floats(address, cols);
        }

        /** In the order of the rows. */
        private LossSum sum() {
            double sum = 0;
            double crossEntropy = 0;
            double divergence = 0;
            for (int i = 0; i < rows.length; i++) {
                sum += Floats.get(loss + (long) rows[i] * Floats.BYTES);
                crossEntropy += crossEntropies[i];
                divergence += divergences[i];
            }
            return new LossSum(sum, rows.length, crossEntropy, divergence);
        }
    }
}

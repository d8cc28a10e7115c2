package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Softmax of rows. */
final class Softmax {
    private Softmax() {}

    /** {@code log of the sum of exp(alpha x)}, shifted by the maximum so that nothing overflows. */
    static float logSumExp(long x, int count, float alpha) {
        float max = max(x, count, alpha);
        return max + (float) StrictMath.log(sumExp(x, count, alpha, max));
    }

    /** {@code y = softmax(alpha x)}, and its log-sum-exp as the result; y may be x. */
    static float row(long y, long x, int count, float alpha) {
        float max = max(x, count, alpha);
        exp(y, x, count, alpha, max);
        float sum = sum(y, count);
        Elements.scaleBlock(y, 1 / sum, count);
        return max + (float) StrictMath.log(sum);
    }

    /** {@code y = exp(alpha x - shift)}; y may be x. With shift = log-sum-exp these are probabilities. */
    static void exp(long y, long x, int count, float alpha, float shift) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(y + at, Exp.exp(Floats.load(x + at).mul(alpha).sub(shift)));
        }
        if (full < count) {
            long at = (long) full * Floats.BYTES;
            expOfTail(y + at, x + at, count - full, alpha, shift);
        }
    }

    /** The rest of a row. In a method of its own: see the package. */
    private static void expOfTail(long y, long x, int count, float alpha, float shift) {
        VectorMask<Float> mask = Floats.first(count);
        Floats.store(y, Exp.exp(Floats.load(x, mask).mul(alpha).sub(shift)), mask);
    }

    /** Largest {@code alpha x}. */
    static float max(long x, int count, float alpha) {
        int full = Floats.SPECIES.loopBound(count);
        FloatVector largest = Floats.broadcast(Float.NEGATIVE_INFINITY);
        for (int i = 0; i < full; i += Floats.LANES) {
            largest = largest.max(Floats.load(x + (long) i * Floats.BYTES).mul(alpha));
        }
        float max = Floats.max(largest);
        for (int i = full; i < count; i++) {
            max = Math.max(max, Floats.get(x + (long) i * Floats.BYTES) * alpha);
        }
        return max;
    }

    static float sumExp(long x, int count, float alpha, float shift) {
        int full = Floats.SPECIES.loopBound(count);
        FloatVector sums = FloatVector.zero(Floats.SPECIES);
        for (int i = 0; i < full; i += Floats.LANES) {
            sums = sums.add(
                    Exp.exp(Floats.load(x + (long) i * Floats.BYTES).mul(alpha).sub(shift)));
        }
        float sum = Floats.sum(sums);
        return full == count ? sum : sum + sumExpOfTail(x + (long) full * Floats.BYTES, count - full, alpha, shift);
    }

    private static float sumExpOfTail(long x, int count, float alpha, float shift) {
        VectorMask<Float> mask = Floats.first(count);
        FloatVector last = Exp.exp(Floats.load(x, mask).mul(alpha).sub(shift));
        return Floats.sum(Floats.broadcast(0).blend(last, mask));
    }

    private static float sum(long x, int count) {
        int full = Floats.SPECIES.loopBound(count);
        FloatVector sums = FloatVector.zero(Floats.SPECIES);
        for (int i = 0; i < full; i += Floats.LANES) {
            sums = sums.add(Floats.load(x + (long) i * Floats.BYTES));
        }
        float sum = Floats.sum(sums);
        for (int i = full; i < count; i++) {
            sum += Floats.get(x + (long) i * Floats.BYTES);
        }
        return sum;
    }

    /** {@code y = softmax(alpha x)} for every row, or its logarithm. */
    static void rows(Workers workers, Tensor y_NV, Tensor x_NV, float alpha, boolean log) {
        long y = Floats.address(y_NV);
        long x = Floats.address(x_NV);
        int cols = x_NV.cols();
        long rowBytes = (long) cols * Floats.BYTES;
        workers.each(x_NV.rows(), (row, worker) -> {
            long from = x + row * rowBytes;
            long to = y + row * rowBytes;
            if (log) {
                shift(to, from, cols, alpha, logSumExp(from, cols, alpha));
            } else {
                row(to, from, cols, alpha);
            }
        });
    }

    /** {@code y = alpha x - shift}. */
    private static void shift(long y, long x, int count, float alpha, float shift) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            Floats.store(y + at, Floats.load(x + at).mul(alpha).sub(shift));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            Floats.put(y + at, Floats.get(x + at) * alpha - shift);
        }
    }
}

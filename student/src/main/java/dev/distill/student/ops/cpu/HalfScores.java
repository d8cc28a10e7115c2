package dev.distill.student.ops.cpu;

import dev.distill.student.tensor.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One query's scores against keys, in BFLOAT16, turned in place into what attention multiplies next. All arithmetic is in FLOAT, in the first-level
 * cache.
 *
 * @param address of the first score
 * @param seen keys that the query sees, at least 1
 * @param count keys, those that it does not see included; a multiple of the lanes of two vectors
 */
record HalfScores(long address, int seen, int count) {
    private static final long VECTOR = (long) Floats.LANES * Floats.BYTES;
    private static final short HIDDEN = DType.narrow(Float.NEGATIVE_INFINITY);

    /** {@code softmax(scale s)}, 0 for what is not seen. @return the log-sum-exp of {@code scale s} */
    float softmax(float scale) {
        int padded = hide();
        long x = Stage.buffer(0, padded);
        Halves.widenBlock(x, address, padded);
        float shift = scale * max(x, padded);
        exp(x, padded, scale, shift);
        float sum = sum(x, padded);
        narrow(address, x, 1 / sum, padded);
        clear(address);
        return shift + (float) StrictMath.log(sum);
    }

    /**
     * {@code p = exp(scale s - lse)}, and {@code ds = scale p (dp - pull)} in the place of dp; 0 for what is not seen.
     *
     * @param dp the gradients of the probabilities, as many
     */
    void backward(long dp, float scale, float lse, float pull) {
        int padded = hide();
        long x = Stage.buffer(0, padded);
        Halves.widenBlock(x, address, padded);
        exp(x, padded, scale, lse);
        narrow(address, x, 1, padded);
        gradient(dp, x, scale, pull, padded);
        clear(address);
        clear(dp);
    }

    private void clear(long scores) {
        Floats.zero(scores + (long) seen * Halves.BYTES, (long) (count - seen) * Halves.BYTES);
    }

    /** Hides what is not seen in the last pair of vectors. @return numbers up to its end */
    private int hide() {
        int padded = Math.ceilDiv(seen, 2 * Floats.LANES) * 2 * Floats.LANES;
        for (int i = seen; i < padded; i++) {
            Floats.putShort(address + (long) i * Halves.BYTES, HIDDEN);
        }
        return padded;
    }

    private static void exp(long x, int count, float scale, float shift) {
        Exp.column(x, count / Floats.LANES, VECTOR, scale, Floats.broadcast(shift));
    }

    private static float max(long x, int count) {
        FloatVector even = Floats.broadcast(Float.NEGATIVE_INFINITY);
        FloatVector odd = even;
        long end = x + (long) count * Floats.BYTES;
        for (long at = x; at != end; at += 2 * VECTOR) {
            FloatVector left = Floats.load(at);
            even = even.blend(left, left.compare(VectorOperators.GT, even));
            FloatVector right = Floats.load(at + VECTOR);
            odd = odd.blend(right, right.compare(VectorOperators.GT, odd));
        }
        return Floats.max(even.max(odd));
    }

    private static float sum(long x, int count) {
        FloatVector even = Floats.broadcast(0);
        FloatVector odd = even;
        long end = x + (long) count * Floats.BYTES;
        for (long at = x; at != end; at += 2 * VECTOR) {
            even = even.add(Floats.load(at));
            odd = odd.add(Floats.load(at + VECTOR));
        }
        return Floats.sum(even.add(odd));
    }

    private static void narrow(long to, long x, float factor, int count) {
        for (int i = 0; i < count; i += Floats.LANES) {
            Halves.storeNumber(
                    to + (long) i * Halves.BYTES,
                    Floats.load(x + (long) i * Floats.BYTES).mul(factor));
        }
    }

    private static void gradient(long dp, long p, float scale, float pull, int count) {
        for (int i = 0; i < count; i += Floats.LANES) {
            long at = dp + (long) i * Halves.BYTES;
            FloatVector factor = Floats.load(p + (long) i * Floats.BYTES).mul(scale);
            Halves.storeNumber(at, Halves.load(at).sub(pull).mul(factor));
        }
    }
}

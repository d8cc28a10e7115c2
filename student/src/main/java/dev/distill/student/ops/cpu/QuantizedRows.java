package dev.distill.student.ops.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** One row on its way into eight bits, and one row of sums on its way back. */
final class QuantizedRows {
    private QuantizedRows() {}

    /** {@code q = round(x / scale)} with {@code scale = max |x| / 127}, ties to even; a row of zeros has the scale 0. */
    static float quantize(long q, long x, int count) {
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

    static float maxMagnitude(long x, int count) {
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

    /** {@code y = x factors}, number by number. */
    static void multiply(long y, long x, long factors, int count) {
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
    static void scale(long y, long sums, float scale, int count) {
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
    static void scale(long y, long sums, float scale, long factors, int count) {
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

    /** {@code y[i] = scale factors[i] (sums[i] - less[i])}. */
    static void scale(long y, long sums, long less, float scale, long factors, int count) {
        int full = Floats.SPECIES.loopBound(count);
        for (int i = 0; i < full; i += Floats.LANES) {
            long at = (long) i * Floats.BYTES;
            IntVector sum = Bytes.loadSums(sums + at).sub(Bytes.loadSums(less + at));
            FloatVector whole = (FloatVector) sum.convert(VectorOperators.I2F, 0);
            Floats.store(y + at, whole.mul(scale).mul(Floats.load(factors + at)));
        }
        for (int i = full; i < count; i++) {
            long at = (long) i * Floats.BYTES;
            float whole = Bytes.getSum(sums + at) - Bytes.getSum(less + at);
            Floats.put(y + at, whole * scale * Floats.get(factors + at));
        }
    }
}

package dev.distill.student.ops.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The exponential in vectors, the same bits in the interpreter and the compiler, which {@code lanewise(EXP)} does not promise.
 *
 * <p>With n the integer nearest to x / ln 2 and r = x - n ln 2, so |r| is at most 0.3466: exp(x) = 2^n exp(r). exp(r) is its Taylor series up to
 * r^7; the first term left out is below 6e-9, a tenth of a float's rounding. At most 1 ulp from the exact value for x in [-87, 88]; below that
 * range the result is that of -87 (1.6e-38), above that of 88.
 */
final class Exp {
    static final float LOWEST = -87f;
    private static final float HIGHEST = 88f;
    private static final float LOG2_E = 1.44269504f;

    /** ln 2 in two parts: the first has few enough bits that n times it is exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);

    /** 1.5 x 2^23: adding it leaves a float no room for a fraction, so the low bits of the sum are n. */
    private static final float ROUND = 12582912f;

    private static final int MANTISSA_BITS = 23;

    private Exp() {}

    static FloatVector exp(FloatVector x) {
        FloatVector raised = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST)); // max() takes five instructions
        FloatVector clamped = raised.blend(HIGHEST, raised.compare(VectorOperators.GT, HIGHEST));
        FloatVector rounded = clamped.fma(Floats.broadcast(LOG2_E), Floats.broadcast(ROUND));
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(Floats.broadcast(-LN2_LOW), n.fma(Floats.broadcast(-LN2_HIGH), clamped));
        FloatVector series = r.fma(Floats.broadcast(1f / 5040), Floats.broadcast(1f / 720));
        series = series.fma(r, Floats.broadcast(1f / 120));
        series = series.fma(r, Floats.broadcast(1f / 24));
        series = series.fma(r, Floats.broadcast(1f / 6));
        series = series.fma(r, Floats.broadcast(0.5f));
        series = series.fma(r, Floats.broadcast(1f));
        series = series.fma(r, Floats.broadcast(1f));
        IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
        return series.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /**
     * {@code x = exp(scale x - shift)} in place, down a column of vectors: the same numbers as {@link #exp} gives.
     *
     * <p>So long a method (more than 325 bytes of code) is compiled by itself and not into its callers. That is why it is written out: a caller
     * with a few kernels in it outgrows what the compiler looks into, and the vectors of the kernel where that happens are allocated.
     *
     * @param x the first vector
     * @param step bytes to the next
     * @param shift one for each lane
     */
    static void column(long x, int count, long step, float scale, FloatVector shift) {
        FloatVector factor = FloatVector.broadcast(Floats.SPECIES, scale);
        FloatVector shiftDown = shift.neg();
        FloatVector lowest = FloatVector.broadcast(Floats.SPECIES, LOWEST);
        FloatVector highest = FloatVector.broadcast(Floats.SPECIES, HIGHEST);
        FloatVector log2e = FloatVector.broadcast(Floats.SPECIES, LOG2_E);
        FloatVector round = FloatVector.broadcast(Floats.SPECIES, ROUND);
        FloatVector high = FloatVector.broadcast(Floats.SPECIES, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(Floats.SPECIES, -LN2_LOW);
        FloatVector c7 = FloatVector.broadcast(Floats.SPECIES, 1f / 5040);
        FloatVector c6 = FloatVector.broadcast(Floats.SPECIES, 1f / 720);
        FloatVector c5 = FloatVector.broadcast(Floats.SPECIES, 1f / 120);
        FloatVector c4 = FloatVector.broadcast(Floats.SPECIES, 1f / 24);
        FloatVector c3 = FloatVector.broadcast(Floats.SPECIES, 1f / 6);
        FloatVector c2 = FloatVector.broadcast(Floats.SPECIES, 0.5f);
        FloatVector one = FloatVector.broadcast(Floats.SPECIES, 1f);
        long end = x + count * step;
        for (long at = x; at != end; at += step) {
            FloatVector power = Floats.load(at).fma(factor, shiftDown);
            FloatVector raised = power.blend(lowest, power.compare(VectorOperators.LT, lowest));
            FloatVector clamped = raised.blend(highest, raised.compare(VectorOperators.GT, highest));
            FloatVector rounded = clamped.fma(log2e, round);
            FloatVector n = rounded.sub(round);
            FloatVector r = n.fma(low, n.fma(high, clamped));
            FloatVector series = r.fma(c7, c6);
            series = series.fma(r, c5);
            series = series.fma(r, c4);
            series = series.fma(r, c3);
            series = series.fma(r, c2);
            series = series.fma(r, one);
            series = series.fma(r, one);
            IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
            Floats.store(at, series.reinterpretAsInts().add(exponent).reinterpretAsFloats());
        }
    }

    /** 1 / (1 + exp(-x)). */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = Floats.broadcast(1f);
        return one.div(one.add(exp(x.neg())));
    }
}

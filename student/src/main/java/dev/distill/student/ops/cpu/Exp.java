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
        FloatVector clamped = x.max(LOWEST).min(HIGHEST);
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

    /** 1 / (1 + exp(-x)). */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = Floats.broadcast(1f);
        return one.div(one.add(exp(x.neg())));
    }
}

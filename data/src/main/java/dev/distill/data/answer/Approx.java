package dev.distill.data.answer;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A complex number of 40 digits; most are real, with an imaginary part of exactly zero.
 *
 * @param error the power of ten below which the value's error lies: what cancels in {@code 1 + x - 1} leaves no more digits
 *     than this. It is followed through every operation, rounded up
 */
record Approx(BigDecimal re, BigDecimal im, int error) {
    static final MathContext PRECISION = new MathContext(40, RoundingMode.HALF_EVEN);

    /** Two values that differ by less than this share of the larger are one value: 25 of 40 digits agree. */
    static final int AGREED = 25;

    private static final int NONE = -1_000_000;

    static final Approx ZERO = new Approx(BigDecimal.ZERO, BigDecimal.ZERO, NONE);

    /** A value that is right to its last digit. */
    static Approx real(BigDecimal value) {
        return new Approx(value, BigDecimal.ZERO, rounding(value));
    }

    /** A value computed from others whose error is this. */
    static Approx real(BigDecimal value, int error) {
        return new Approx(value, BigDecimal.ZERO, Math.max(error, rounding(value)));
    }

    private static int rounding(BigDecimal value) {
        return value.signum() == 0 ? NONE : size(value) - PRECISION.getPrecision();
    }

    /** The power of ten just above a number; far below all others for zero. */
    private static int size(BigDecimal value) {
        return value.signum() == 0 ? NONE : value.precision() - value.scale();
    }

    /** The power of ten just above this number's magnitude. */
    int size() {
        return Math.max(size(re), size(im));
    }

    boolean isReal() {
        return im.signum() == 0;
    }

    boolean isZero() {
        return re.signum() == 0 && im.signum() == 0;
    }

    /** Whether this may be zero, for all that is known. */
    boolean isWithinError() {
        return isZero() || size() <= error + 1;
    }

    Approx plus(Approx other) {
        return of(re.add(other.re, PRECISION), im.add(other.im, PRECISION), Math.max(error, other.error) + 1);
    }

    private static Approx of(BigDecimal re, BigDecimal im, int error) {
        return new Approx(re, im, Math.max(NONE, Math.max(error, Math.max(rounding(re), rounding(im)))));
    }

    Approx negate() {
        return new Approx(re.negate(), im.negate(), error);
    }

    Approx times(Approx other) {
        int lost = Math.max(error + other.size(), other.error + size()) + 1;
        if (isReal() && other.isReal()) {
            return of(re.multiply(other.re, PRECISION), BigDecimal.ZERO, lost);
        }
        return of(
                re.multiply(other.re).subtract(im.multiply(other.im), PRECISION),
                re.multiply(other.im).add(im.multiply(other.re), PRECISION),
                lost);
    }

    /** 1 / this; the caller has made sure that this is not zero. */
    Approx inverse() {
        int lost = error - 2 * size() + 3;
        if (isReal()) {
            return of(BigDecimal.ONE.divide(re, PRECISION), BigDecimal.ZERO, lost);
        }
        BigDecimal square = re.multiply(re).add(im.multiply(im), PRECISION);
        return of(re.divide(square, PRECISION), im.negate().divide(square, PRECISION), lost);
    }

    BigDecimal magnitude() {
        return isReal() ? re.abs() : re.multiply(re).add(im.multiply(im)).sqrt(PRECISION);
    }

    /** e to this. */
    Approx exp() {
        BigDecimal length = BigDecimalMath.exp(re, PRECISION);
        int lost = error + size(length) + 1;
        if (isReal()) {
            return of(length, BigDecimal.ZERO, lost);
        }
        return of(
                length.multiply(BigDecimalMath.cos(im, PRECISION), PRECISION),
                length.multiply(BigDecimalMath.sin(im, PRECISION), PRECISION),
                lost);
    }

    /**
     * Whether both are the same number: 25 digits agree, or what they differ by is no more than their errors, as for
     * {@code \sin\pi} and 0. Where errors are too large for 25 decimals, nobody knows.
     */
    Match compare(Approx other) {
        Approx difference = plus(other.negate());
        if (difference.isZero() || difference.size() <= Math.max(size(), other.size()) - AGREED) {
            return Match.SAME;
        }
        if (difference.size() > Math.max(error, other.error) + 1) {
            return Match.DIFFERENT;
        }
        return Math.max(error, other.error) <= -AGREED ? Match.SAME : Match.UNKNOWN;
    }
}

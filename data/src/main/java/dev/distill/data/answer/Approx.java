package dev.distill.data.answer;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** A complex number of 40 digits; most are real, with an imaginary part of exactly zero. */
record Approx(BigDecimal re, BigDecimal im) {
    static final MathContext PRECISION = new MathContext(40, RoundingMode.HALF_EVEN);

    /** Two values that differ by less than this share of the larger are one value: 25 of 40 digits agree. */
    private static final BigDecimal TOLERANCE = new BigDecimal("1e-25");

    static final Approx ZERO = real(BigDecimal.ZERO);

    static Approx real(BigDecimal value) {
        return new Approx(value, BigDecimal.ZERO);
    }

    boolean isReal() {
        return im.signum() == 0;
    }

    boolean isZero() {
        return re.signum() == 0 && im.signum() == 0;
    }

    Approx plus(Approx other) {
        return new Approx(re.add(other.re, PRECISION), im.add(other.im, PRECISION));
    }

    Approx negate() {
        return new Approx(re.negate(), im.negate());
    }

    Approx times(Approx other) {
        if (isReal() && other.isReal()) {
            return real(re.multiply(other.re, PRECISION));
        }
        return new Approx(
                re.multiply(other.re).subtract(im.multiply(other.im), PRECISION),
                re.multiply(other.im).add(im.multiply(other.re), PRECISION));
    }

    /** 1 / this; the caller has made sure that this is not zero. */
    Approx inverse() {
        if (isReal()) {
            return real(BigDecimal.ONE.divide(re, PRECISION));
        }
        BigDecimal square = re.multiply(re).add(im.multiply(im), PRECISION);
        return new Approx(re.divide(square, PRECISION), im.negate().divide(square, PRECISION));
    }

    BigDecimal magnitude() {
        return isReal() ? re.abs() : re.multiply(re).add(im.multiply(im)).sqrt(PRECISION);
    }

    /** e to this. */
    Approx exp() {
        BigDecimal length = BigDecimalMath.exp(re, PRECISION);
        if (isReal()) {
            return real(length);
        }
        return new Approx(
                length.multiply(BigDecimalMath.cos(im, PRECISION), PRECISION),
                length.multiply(BigDecimalMath.sin(im, PRECISION), PRECISION));
    }

    /** Whether both are the same number, up to rounding in the last 15 of 40 digits. */
    boolean isCloseTo(Approx other) {
        BigDecimal scale = magnitude().max(other.magnitude()).max(BigDecimal.ONE);
        return plus(other.negate()).magnitude().compareTo(scale.multiply(TOLERANCE)) <= 0;
    }
}

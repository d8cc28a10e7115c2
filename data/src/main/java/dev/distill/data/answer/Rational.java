package dev.distill.data.answer;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** An exact fraction in lowest terms with a positive denominator. */
record Rational(BigInteger numerator, BigInteger denominator) {
    /** Numbers beyond this many bits are refused: 20,000 bits are 6,000 decimal digits. */
    static final int MAX_BITS = 20_000;

    static final Rational ZERO = of(0);
    static final Rational ONE = of(1);

    Rational {
        if (denominator.signum() < 0) {
            numerator = numerator.negate();
            denominator = denominator.negate();
        }
        BigInteger divisor = numerator.gcd(denominator);
        if (!divisor.equals(BigInteger.ONE)) {
            numerator = numerator.divide(divisor);
            denominator = denominator.divide(divisor);
        }
        if (numerator.bitLength() > MAX_BITS || denominator.bitLength() > MAX_BITS) {
            throw new Effort.TooMuch("a number of more than " + MAX_BITS + " bits");
        }
    }

    static Rational of(long value) {
        return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
    }

    /** Exactly the value written, for example 0.125 as 1/8. */
    static Rational of(BigDecimal value) {
        return value.scale() <= 0
                ? new Rational(value.toBigIntegerExact(), BigInteger.ONE)
                : new Rational(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
    }

    Rational plus(Rational other) {
        return new Rational(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational times(Rational other) {
        return new Rational(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    Rational negate() {
        return new Rational(numerator.negate(), denominator);
    }

    /** 1 / this; the caller has made sure that this is not zero. */
    Rational inverse() {
        return new Rational(denominator, numerator);
    }

    /** This to an integer power; null for zero to a negative power. */
    @Nullable
    Rational power(int exponent) {
        if (exponent < 0) {
            return isZero() ? null : inverse().power(-exponent);
        }
        boolean small = isInteger() && numerator.abs().bitLength() <= 1; // -1, 0 and 1 stay so
        long bits = (long) Math.max(numerator.bitLength(), denominator.bitLength()) * exponent;
        if (bits > MAX_BITS && !small) {
            throw new Effort.TooMuch("a power of more than " + MAX_BITS + " bits");
        }
        return new Rational(numerator.pow(exponent), denominator.pow(exponent));
    }

    /** The exact square root of a perfect square; null for all others. */
    @Nullable
    Rational squareRoot() {
        if (signum() < 0) {
            return null;
        }
        BigInteger[] above = numerator.sqrtAndRemainder();
        BigInteger[] below = denominator.sqrtAndRemainder();
        return above[1].signum() == 0 && below[1].signum() == 0 ? new Rational(above[0], below[0]) : null;
    }

    boolean isZero() {
        return numerator.signum() == 0;
    }

    boolean isInteger() {
        return denominator.equals(BigInteger.ONE);
    }

    /** Whether the decimal expansion ends: no prime other than 2 and 5 in the denominator. */
    boolean terminates() {
        BigInteger rest = denominator.shiftRight(denominator.getLowestSetBit());
        while (rest.mod(BigInteger.valueOf(5)).signum() == 0) {
            rest = rest.divide(BigInteger.valueOf(5));
        }
        return rest.equals(BigInteger.ONE);
    }

    int signum() {
        return numerator.signum();
    }

    /** The value as an int; null if it is no integer or too large. */
    @Nullable
    Integer intValue() {
        return isInteger() && numerator.bitLength() < 31 ? (Integer) numerator.intValue() : null;
    }

    BigDecimal approximate(MathContext precision) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), precision);
    }

    @Override
    public String toString() {
        return isInteger() ? numerator.toString() : numerator + "/" + denominator;
    }
}

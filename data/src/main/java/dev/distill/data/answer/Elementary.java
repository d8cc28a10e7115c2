package dev.distill.data.answer;

import ch.obermuhlner.math.big.BigDecimalMath;
import dev.distill.data.answer.Expr.Function;
import dev.distill.data.answer.Numeric.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Roots, powers of e, logarithms and the functions of angles, for arguments that a series can take. */
final class Elementary {
    /** Beyond e^20000 no answer is meant as a number. */
    private static final BigDecimal MAX_EXPONENT = BigDecimal.valueOf(20_000);

    private static final BigDecimal MAX_ANGLE = BigDecimal.valueOf(1_000_000);
    private static final Rational HALF = new Rational(BigInteger.ONE, BigInteger.TWO);
    private static final BigDecimal NEAR_ONE = new BigDecimal("0.99");

    private final boolean letters;
    private final Effort effort;

    /**
     * @param letters whether letters stand for trial values, so that the even root of a negative number is no value
     * @param effort is spent by every call
     */
    Elementary(boolean letters, Effort effort) {
        this.letters = letters;
        this.effort = effort;
    }

    /** A function of one argument. */
    Approx of(Function function, Approx x) throws Undefined {
        effort.spend(200);
        return switch (function) {
            case SQRT -> root(x, HALF);
            case EXP -> exp(x);
            case LN -> ln(x);
            case ABS -> Approx.real(x.magnitude(), x.error() + 1);
            case SIN -> sine(x);
            case COS -> cosine(x);
            case TAN -> tangent(x);
            case COT -> Numeric.inverse(tangent(x));
            case SEC -> Numeric.inverse(cosine(x));
            case CSC -> Numeric.inverse(sine(x));
            case ARCSIN -> Approx.real(BigDecimalMath.asin(unit(x), Approx.PRECISION), steep(x));
            case ARCCOS -> Approx.real(BigDecimalMath.acos(unit(x), Approx.PRECISION), steep(x));
            case ARCTAN -> Approx.real(BigDecimalMath.atan(angle(x), Approx.PRECISION), x.error() + 1);
            case SINH -> half(exp(x).plus(exp(x.negate()).negate()));
            case COSH -> half(exp(x).plus(exp(x.negate())));
            case TANH -> exp(x).plus(exp(x.negate()).negate()).times(Numeric.inverse(exp(x).plus(exp(x.negate()))));
            case FLOOR -> Approx.real(whole(x, RoundingMode.FLOOR));
            case CEIL -> Approx.real(whole(x, RoundingMode.CEILING));
            case ROOT, LOG, LOG_BASE, FACTORIAL, BINOMIAL -> throw new Undefined(function + " of no exact number");
        };
    }

    /** A fractional power. The odd root of a negative number is the negative one, as in schools. */
    Approx root(Approx base, Rational exponent) throws Undefined {
        Approx factor = Approx.real(exponent.approximate(Approx.PRECISION));
        if (base.isWithinError()) {
            if (exponent.signum() <= 0) {
                throw new Undefined("zero to a power that is not positive");
            }
            double error = (base.error() + 1) * factor.re().doubleValue();
            return new Approx(BigDecimal.ZERO, BigDecimal.ZERO, (int) Math.ceil(Math.max(error, Approx.ZERO.error())));
        }
        if (exponent.equals(HALF) && base.isReal() && base.re().signum() > 0) {
            int error = base.error() - Math.floorDiv(base.size() - 1, 2);
            return Approx.real(base.re().sqrt(Approx.PRECISION), error);
        }
        if (!base.isReal() || base.re().signum() > 0) {
            return exp(factor.times(ln(base)));
        }
        Approx positive = exp(factor.times(ln(base.negate())));
        if (exponent.denominator().testBit(0)) {
            return exponent.numerator().testBit(0) ? positive.negate() : positive;
        }
        if (letters) {
            throw new Undefined("an even root of a negative number");
        }
        return positive.times(exp(factor.times(Numeric.PI).times(Numeric.I)));
    }

    Approx exp(Approx value) throws Undefined {
        effort.spend(200);
        if (value.magnitude().compareTo(MAX_EXPONENT) > 0) {
            throw new Effort.TooMuch("a power beyond e^" + MAX_EXPONENT);
        }
        return value.exp();
    }

    Approx ln(Approx value) throws Undefined {
        effort.spend(200);
        if (!value.isReal() || value.re().signum() <= 0) {
            throw new Undefined("the logarithm of a number that is not positive");
        }
        return Approx.real(BigDecimalMath.log(value.re(), Approx.PRECISION), value.error() - value.size() + 2);
    }

    /** The integer part; a value that is an integer up to its error is that integer. */
    private static BigDecimal whole(Approx x, RoundingMode mode) throws Undefined {
        if (!x.isReal() || x.error() >= 0) {
            throw new Undefined("the integer part of a number that is not real or not known to the last digit");
        }
        BigDecimal nearest = x.re().setScale(0, RoundingMode.HALF_EVEN);
        boolean integer = Approx.real(x.re().subtract(nearest), x.error()).isWithinError();
        return integer ? nearest : x.re().setScale(0, mode);
    }

    private static Approx sine(Approx x) throws Undefined {
        return Approx.real(BigDecimalMath.sin(angle(x), Approx.PRECISION), x.error() + 1);
    }

    private static Approx cosine(Approx x) throws Undefined {
        return Approx.real(BigDecimalMath.cos(angle(x), Approx.PRECISION), x.error() + 1);
    }

    private static Approx tangent(Approx x) throws Undefined {
        return sine(x).times(Numeric.inverse(cosine(x)));
    }

    /** The error of an arc's sine or cosine: at their ends the curves are upright. */
    private static int steep(Approx x) {
        boolean end = x.re().abs().compareTo(NEAR_ONE) > 0;
        return end ? Math.ceilDiv(x.error(), 2) + 1 : x.error() + 2;
    }

    private static Approx half(Approx x) {
        return x.times(Approx.real(new BigDecimal("0.5")));
    }

    private static BigDecimal angle(Approx x) throws Undefined {
        if (!x.isReal() || x.re().abs().compareTo(MAX_ANGLE) > 0) {
            throw new Undefined("an angle that is not real or beyond " + MAX_ANGLE);
        }
        return x.re();
    }

    /** A sine or cosine; one beyond 1 by no more than its error is 1. */
    private static BigDecimal unit(Approx x) throws Undefined {
        BigDecimal beyond = x.re().abs().subtract(BigDecimal.ONE);
        if (!x.isReal()
                || (beyond.signum() > 0 && !Approx.real(beyond, x.error()).isWithinError())) {
            throw new Undefined("outside -1 to 1");
        }
        return beyond.signum() > 0 ? BigDecimal.valueOf(x.re().signum()) : x.re();
    }
}

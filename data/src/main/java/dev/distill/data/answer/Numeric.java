package dev.distill.data.answer;

import ch.obermuhlner.math.big.BigDecimalMath;
import dev.distill.data.answer.Expr.Function;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/**
 * The value of a closed-form expression to 40 digits, with given values for its letters. Arguments are bounded before
 * they reach a series, so that every operation costs the same few microseconds.
 */
final class Numeric {
    /** Beyond e^20000 no answer is meant as a number. */
    private static final BigDecimal MAX_EXPONENT = BigDecimal.valueOf(20_000);

    private static final BigDecimal MAX_ANGLE = BigDecimal.valueOf(1_000_000);
    private static final Approx PI = Approx.real(BigDecimalMath.pi(Approx.PRECISION));
    private static final Approx E = Approx.real(BigDecimalMath.e(Approx.PRECISION));
    private static final Approx I = new Approx(BigDecimal.ZERO, BigDecimal.ONE);
    private static final Approx DEGREE =
            PI.times(Approx.real(BigDecimal.valueOf(180)).inverse());

    private final Map<String, BigDecimal> letters;
    private final Effort effort;
    private final Exact exact;

    Numeric(Map<String, BigDecimal> letters, Effort effort) {
        this.letters = letters;
        this.effort = effort;
        this.exact = new Exact(effort);
    }

    /** There is no such value: a division by zero, the root of a negative letter, a list where a number should stand. */
    static final class Undefined extends Exception {
        Undefined(String what) {
            super(what, null, false, false);
        }
    }

    Approx value(Expr expr) throws Undefined {
        effort.spend(20);
        return switch (expr) {
            case Expr.Number number -> Approx.real(number.value().approximate(Approx.PRECISION));
            case Expr.Symbol symbol -> letter(symbol.name());
            case Expr.Constant constant -> constant(constant);
            case Expr.Sum sum -> {
                Approx total = Approx.ZERO;
                for (Expr term : sum.terms()) {
                    total = total.plus(value(term));
                }
                yield total;
            }
            case Expr.Product product -> {
                Approx total = Approx.real(BigDecimal.ONE);
                for (Expr factor : product.factors()) {
                    total = total.times(value(factor));
                }
                yield total;
            }
            case Expr.Quotient quotient -> value(quotient.above()).times(inverse(value(quotient.below())));
            case Expr.Negation negation -> value(negation.of()).negate();
            case Expr.Power power -> power(power);
            case Expr.Percent percent -> value(percent.of()).times(Approx.real(new BigDecimal("0.01")));
            case Expr.Degrees degrees -> value(degrees.of()).times(DEGREE);
            case Expr.Call call -> call(call.function(), call.arguments());
            case Expr.Group _,
                    Expr.Listing _,
                    Expr.SetOperation _,
                    Expr.Matrix _,
                    Expr.Relation _,
                    Expr.Words _,
                    Expr.PlusMinus _ -> throw new Undefined("not a single number");
        };
    }

    private Approx letter(String name) throws Undefined {
        BigDecimal value = letters.get(name);
        if (value == null) {
            throw new Undefined("no value for " + name);
        }
        return Approx.real(value);
    }

    private static Approx constant(Expr.Constant constant) throws Undefined {
        return switch (constant) {
            case PI -> PI;
            case E -> E;
            case I -> I;
            case INFINITY -> throw new Undefined("infinity");
        };
    }

    private static Approx inverse(Approx value) throws Undefined {
        if (value.isZero()) {
            throw new Undefined("a division by zero");
        }
        return value.inverse();
    }

    private Approx power(Expr.Power power) throws Undefined {
        Rational exponent = exact.value(power.exponent());
        if (exponent == null && power.base() == Expr.Constant.E) {
            return exp(value(power.exponent()));
        }
        Approx base = value(power.base());
        if (exponent == null) {
            return exp(value(power.exponent()).times(ln(base)));
        }
        Integer whole = exponent.intValue();
        if (whole != null && Math.abs(whole) <= 1_000) {
            return integerPower(base, whole);
        }
        return root(base, exponent);
    }

    private Approx integerPower(Approx base, int exponent) throws Undefined {
        Approx result = Approx.real(BigDecimal.ONE);
        Approx square = exponent < 0 ? inverse(base) : base;
        for (int left = Math.abs(exponent); left > 0; left >>= 1) {
            effort.spend(5);
            result = (left & 1) == 1 ? result.times(square) : result;
            square = square.times(square);
        }
        return result;
    }

    /** A fractional power. The odd root of a negative number is the negative one, as in schools. */
    private Approx root(Approx base, Rational exponent) throws Undefined {
        if (base.isZero()) {
            return Approx.ZERO;
        }
        Approx factor = Approx.real(exponent.approximate(Approx.PRECISION));
        if (!base.isReal() || base.re().signum() > 0) {
            return exp(factor.times(ln(base)));
        }
        Approx positive = exp(factor.times(ln(base.negate())));
        if (exponent.denominator().testBit(0)) {
            return exponent.numerator().testBit(0) ? positive.negate() : positive;
        }
        if (!letters.isEmpty()) {
            throw new Undefined("an even root of a negative number");
        }
        return positive.times(exp(factor.times(PI).times(I)));
    }

    private Approx exp(Approx value) throws Undefined {
        effort.spend(200);
        if (value.magnitude().compareTo(MAX_EXPONENT) > 0) {
            throw new Effort.TooMuch("a power beyond e^" + MAX_EXPONENT);
        }
        return value.exp();
    }

    private Approx ln(Approx value) throws Undefined {
        effort.spend(200);
        if (!value.isReal() || value.re().signum() <= 0) {
            throw new Undefined("the logarithm of a number that is not positive");
        }
        return Approx.real(BigDecimalMath.log(value.re(), Approx.PRECISION));
    }

    private Approx call(Function function, List<Expr> arguments) throws Undefined {
        effort.spend(200);
        Approx x = value(arguments.getFirst());
        return switch (function) {
            case SQRT -> root(x, new Rational(BigInteger.ONE, BigInteger.TWO));
            case ROOT -> root(x, degree(arguments.get(1)));
            case EXP -> exp(x);
            case LN -> ln(x);
            case LOG_BASE -> ln(x).times(inverse(ln(value(arguments.get(1)))));
            case ABS -> Approx.real(x.magnitude());
            case SIN -> Approx.real(BigDecimalMath.sin(angle(x), Approx.PRECISION));
            case COS -> Approx.real(BigDecimalMath.cos(angle(x), Approx.PRECISION));
            case TAN -> tangent(x);
            case COT -> inverse(tangent(x));
            case SEC -> inverse(Approx.real(BigDecimalMath.cos(angle(x), Approx.PRECISION)));
            case CSC -> inverse(Approx.real(BigDecimalMath.sin(angle(x), Approx.PRECISION)));
            case ARCSIN -> Approx.real(BigDecimalMath.asin(unit(x), Approx.PRECISION));
            case ARCCOS -> Approx.real(BigDecimalMath.acos(unit(x), Approx.PRECISION));
            case ARCTAN -> Approx.real(BigDecimalMath.atan(angle(x), Approx.PRECISION));
            case SINH -> half(exp(x).plus(exp(x.negate()).negate()));
            case COSH -> half(exp(x).plus(exp(x.negate())));
            case TANH -> exp(x).plus(exp(x.negate()).negate()).times(inverse(exp(x).plus(exp(x.negate()))));
            case FLOOR -> Approx.real(whole(x, RoundingMode.FLOOR));
            case CEIL -> Approx.real(whole(x, RoundingMode.CEILING));
            case FACTORIAL, BINOMIAL -> throw new Undefined(function + " of no exact number");
        };
    }

    private static BigDecimal whole(Approx x, RoundingMode mode) throws Undefined {
        if (!x.isReal()) {
            throw new Undefined("the integer part of a number that is not real");
        }
        return x.re().setScale(0, mode);
    }

    private Rational degree(Expr expr) throws Undefined {
        Rational degree = exact.value(expr);
        if (degree == null || degree.isZero()) {
            throw new Undefined("a root of a degree that is no number");
        }
        return degree.inverse();
    }

    private static Approx tangent(Approx x) throws Undefined {
        BigDecimal cosine = BigDecimalMath.cos(angle(x), Approx.PRECISION);
        return Approx.real(BigDecimalMath.sin(angle(x), Approx.PRECISION)).times(inverse(Approx.real(cosine)));
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

    private static BigDecimal unit(Approx x) throws Undefined {
        if (!x.isReal() || x.re().abs().compareTo(BigDecimal.ONE) > 0) {
            throw new Undefined("outside -1 to 1");
        }
        return x.re();
    }
}

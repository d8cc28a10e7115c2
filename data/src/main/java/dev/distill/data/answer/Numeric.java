package dev.distill.data.answer;

import ch.obermuhlner.math.big.BigDecimalMath;
import dev.distill.data.answer.Expr.Function;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * The value of a closed-form expression to 40 digits, with given values for its letters. Arguments are bounded before
 * they reach a series, so that every operation costs the same few microseconds.
 */
final class Numeric {
    /** A little more than e^20000 has. */
    private static final int MAX_DIGITS = 10_000;

    static final Approx PI = Approx.real(BigDecimalMath.pi(Approx.PRECISION));
    private static final Approx E = Approx.real(BigDecimalMath.e(Approx.PRECISION));
    static final Approx I = new Approx(
            BigDecimal.ZERO, BigDecimal.ONE, Approx.real(BigDecimal.ONE).error());
    private static final Approx DEGREE =
            PI.times(Approx.real(BigDecimal.valueOf(180)).inverse());

    private final Map<String, BigDecimal> letters;
    private final Effort effort;
    private final Exact exact;
    private final Elementary elementary;

    Numeric(Map<String, BigDecimal> letters, Effort effort) {
        this.letters = letters;
        this.effort = effort;
        this.exact = new Exact(effort);
        this.elementary = new Elementary(!letters.isEmpty(), effort);
    }

    /** There is no such value: a division by zero, the root of a negative letter, a list where a number should stand. */
    static final class Undefined extends Exception {
        Undefined(String what) {
            super(what, null, false, false);
        }
    }

    Approx value(Expr expr) throws Undefined {
        effort.spend(20);
        return bounded(computed(expr));
    }

    /** Larger numbers, and smaller ones, take more time than any answer is worth. */
    private static Approx bounded(Approx value) {
        if (!value.isZero() && Math.abs(value.size()) > MAX_DIGITS) {
            throw new Effort.TooMuch("a number of more than " + MAX_DIGITS + " digits");
        }
        return value;
    }

    private Approx computed(Expr expr) throws Undefined {
        return switch (expr) {
            case Expr.Number number -> Approx.real(number.value().approximate(Approx.PRECISION));
            case Expr.Numeral numeral -> numeral(numeral);
            case Expr.Symbol symbol -> letter(symbol.name());
            case Expr.Constant constant -> constant(constant);
            case Expr.Sum sum -> {
                Approx total = Approx.ZERO;
                for (Expr term : sum.terms()) {
                    total = sum(total, value(term));
                }
                yield total;
            }
            case Expr.Product product -> {
                Approx total = Approx.real(BigDecimal.ONE);
                for (Expr factor : product.factors()) {
                    total = bounded(total.times(value(factor)));
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
                    Expr.Measure _,
                    Expr.PlusMinus _ -> throw new Undefined("not a single number");
        };
    }

    /** A term that is too small to change a digit that must agree is lost, and nobody would know whether it stood there. */
    private static Approx sum(Approx total, Approx term) throws Undefined {
        boolean counts = !total.isWithinError() && !term.isWithinError();
        if (counts && Math.abs(total.size() - term.size()) > Approx.AGREED) {
            throw new Undefined("a sum of terms too far apart");
        }
        return total.plus(term);
    }

    private static Approx numeral(Expr.Numeral numeral) throws Undefined {
        Rational value = Exact.inBase(numeral);
        if (value == null) {
            throw new Undefined("a digit beyond the base " + numeral.base());
        }
        return Approx.real(value.approximate(Approx.PRECISION));
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

    static Approx inverse(Approx value) throws Undefined {
        if (value.isWithinError()) {
            throw new Undefined("a division by zero");
        }
        return value.inverse();
    }

    private Approx power(Expr.Power power) throws Undefined {
        Rational exponent = exact.value(power.exponent());
        if (exponent == null && power.base() == Expr.Constant.E) {
            return elementary.exp(value(power.exponent()));
        }
        Approx base = value(power.base());
        if (exponent == null) {
            return elementary.exp(value(power.exponent()).times(elementary.ln(base)));
        }
        Integer whole = exponent.intValue();
        if (whole != null && Math.abs(whole) <= 1_000) {
            return integerPower(base, whole);
        }
        return elementary.root(base, exponent);
    }

    private Approx integerPower(Approx base, int exponent) throws Undefined {
        Approx result = Approx.real(BigDecimal.ONE);
        Approx square = exponent < 0 ? inverse(base) : base;
        for (int left = Math.abs(exponent); left > 0; left >>= 1) {
            effort.spend(5);
            result = (left & 1) == 1 ? bounded(result.times(square)) : result;
            square = left > 1 ? bounded(square.times(square)) : square;
        }
        return result;
    }

    private Approx call(Function function, List<Expr> arguments) throws Undefined {
        Approx x = value(arguments.getFirst());
        return switch (function) {
            case ROOT -> elementary.root(x, degree(arguments.get(1)));
            case LOG_BASE -> elementary.ln(x).times(inverse(elementary.ln(value(arguments.get(1)))));
            case SQRT,
                    EXP,
                    LN,
                    LOG,
                    SIN,
                    COS,
                    TAN,
                    COT,
                    SEC,
                    CSC,
                    ARCSIN,
                    ARCCOS,
                    ARCTAN,
                    SINH,
                    COSH,
                    TANH,
                    ABS,
                    FLOOR,
                    CEIL,
                    FACTORIAL,
                    BINOMIAL -> elementary.of(function, x);
        };
    }

    private Rational degree(Expr expr) throws Undefined {
        Rational degree = exact.value(expr);
        if (degree == null || degree.isZero()) {
            throw new Undefined("a root of a degree that is no number");
        }
        return degree.inverse();
    }
}

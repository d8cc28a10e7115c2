package dev.distill.data.answer;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exact rational arithmetic: the value of an expression that is a fraction, null for every other. */
final class Exact {
    private static final int MAX_FACTORIAL = 1_000;

    private final Effort effort;

    Exact(Effort effort) {
        this.effort = effort;
    }

    @Nullable
    Rational value(Expr expr) {
        effort.spend(5);
        return switch (expr) {
            case Expr.Number number -> number.value();
            case Expr.Numeral numeral -> inBase(numeral);
            case Expr.Sum sum -> sum(sum.terms());
            case Expr.Product product -> product(product.factors());
            case Expr.Quotient quotient -> {
                Rational above = value(quotient.above());
                Rational below = value(quotient.below());
                yield above == null || below == null || below.isZero() ? null : above.times(below.inverse());
            }
            case Expr.Negation negation -> {
                Rational of = value(negation.of());
                yield of == null ? null : of.negate();
            }
            case Expr.Power power -> power(power);
            case Expr.Call call -> call(call);
            case Expr.Percent percent -> {
                Rational of = value(percent.of());
                yield of == null ? null : of.times(new Rational(BigInteger.ONE, BigInteger.valueOf(100)));
            }
            case Expr.Group _,
                    Expr.Listing _,
                    Expr.SetOperation _,
                    Expr.Matrix _,
                    Expr.Relation _,
                    Expr.Words _,
                    Expr.Measure _,
                    Expr.PlusMinus _,
                    Expr.Symbol _,
                    Expr.Constant _,
                    Expr.Degrees _ -> null;
        };
    }

    /** The number that these digits mean in their base; null where a digit is none of it. */
    static @Nullable Rational inBase(Expr.Numeral numeral) {
        String digits = numeral.digits();
        boolean valid = digits.chars().allMatch(c -> c == '.' || c - '0' < numeral.base());
        int point = digits.indexOf('.');
        if (!valid) {
            return null;
        }
        Rational size = Rational.of(numeral.base()).power(point < 0 ? 0 : digits.length() - point - 1);
        BigInteger whole = new BigInteger(digits.replace(".", ""), numeral.base());
        return size == null ? null : new Rational(whole, BigInteger.ONE).times(size.inverse());
    }

    private @Nullable Rational sum(List<Expr> terms) {
        Rational total = Rational.ZERO;
        for (Expr term : terms) {
            Rational value = value(term);
            if (value == null) {
                return null;
            }
            total = total.plus(value);
        }
        return total;
    }

    private @Nullable Rational product(List<Expr> factors) {
        Rational total = Rational.ONE;
        for (Expr factor : factors) {
            Rational value = value(factor);
            if (value == null) {
                return null;
            }
            total = total.times(value);
        }
        return total;
    }

    private @Nullable Rational power(Expr.Power power) {
        Rational base = value(power.base());
        Rational exponent = base == null ? null : value(power.exponent());
        if (base == null || exponent == null) {
            return null;
        }
        boolean root = exponent.denominator().equals(BigInteger.TWO);
        Rational start = root ? base.squareRoot() : base;
        Rational times = root ? new Rational(exponent.numerator(), BigInteger.ONE) : exponent;
        Integer whole = times.isInteger() && times.intValue() == null ? tooLarge() : times.intValue();
        if (start == null || whole == null || (base.isZero() && whole == 0)) {
            return null;
        }
        effort.spend(20);
        return start.power(whole);
    }

    private static Integer tooLarge() {
        throw new Effort.TooMuch("an exponent of more than 31 bits");
    }

    private @Nullable Rational call(Expr.Call call) {
        Rational value = value(call.arguments().getFirst());
        if (value == null) {
            return null;
        }
        return switch (call.function()) {
            case ABS -> value.signum() < 0 ? value.negate() : value;
            case SQRT -> value.squareRoot();
            case FLOOR -> floor(value);
            case CEIL -> floor(value.negate()).negate();
            case FACTORIAL -> factorial(value);
            case BINOMIAL -> binomial(value, value(call.arguments().get(1)));
            case ROOT, EXP, LN, LOG, LOG_BASE, SIN, COS, TAN, COT, SEC, CSC, ARCSIN, ARCCOS, ARCTAN, SINH, COSH, TANH ->
                null;
        };
    }

    private static Rational floor(Rational value) {
        BigInteger[] parts = value.numerator().divideAndRemainder(value.denominator());
        BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
        return new Rational(floor, BigInteger.ONE);
    }

    private @Nullable Rational factorial(Rational value) {
        Integer n = value.intValue();
        if (n == null || n < 0) {
            return null;
        }
        return falling(n, n);
    }

    private @Nullable Rational binomial(Rational above, @Nullable Rational below) {
        Integer n = above.intValue();
        Integer k = below == null ? null : below.intValue();
        if (n == null || k == null || k < 0 || n < 0) {
            return null;
        }
        if (k > n) {
            return Rational.ZERO;
        }
        int small = Math.min(k, n - k);
        return falling(n, small).times(falling(small, small).inverse());
    }

    /** n (n-1) ... (n-k+1). */
    private Rational falling(int n, int k) {
        if (k > MAX_FACTORIAL) {
            throw new Effort.TooMuch("a product of more than " + MAX_FACTORIAL + " factors");
        }
        effort.spend(k * 5);
        BigInteger total = BigInteger.ONE;
        for (int i = 0; i < k; i++) {
            total = total.multiply(BigInteger.valueOf(n - i));
        }
        return new Rational(total, BigInteger.ONE);
    }
}

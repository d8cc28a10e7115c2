package dev.distill.data.answer;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares single values: fractions exactly, closed forms to 25 digits, formulas with letters at fixed points. */
final class ScalarComparer {
    /** A rounded decimal must also agree to this share of the value, so that small values are not all nothing. */
    private static final BigDecimal RELATIVE = new BigDecimal("0.001");

    private final ComparisonRules rules;
    private final Effort effort;
    private final Exact exact;

    ScalarComparer(ComparisonRules rules, Effort effort) {
        this.rules = rules;
        this.effort = effort;
        this.exact = new Exact(effort);
    }

    Match compare(Expr gold, Expr prediction) {
        Match match = Match.DIFFERENT;
        for (Expr g : meanings(gold, prediction)) {
            for (Expr p : meanings(prediction, gold)) {
                match = match.or(values(g, p));
            }
        }
        return match;
    }

    /** 28 % is 28 or 0.28, 90 degrees are 90 or pi/2, as the other side has it; where both have the sign, it means one thing. */
    private static List<Expr> meanings(Expr expr, Expr other) {
        Expr bare = bare(expr);
        boolean both = sign(expr) != null && sign(expr) == sign(other);
        return bare.equals(expr) || both ? List.of(expr) : List.of(bare, expr);
    }

    private static @Nullable Class<?> sign(Expr expr) {
        if (expr instanceof Expr.Negation negation) {
            return sign(negation.of());
        }
        return expr instanceof Expr.Percent || expr instanceof Expr.Degrees ? expr.getClass() : null;
    }

    /** The value in front of a percent or degree sign. */
    private static Expr bare(Expr expr) {
        if (expr instanceof Expr.Percent percent) {
            return percent.of();
        }
        if (expr instanceof Expr.Degrees degrees) {
            return degrees.of();
        }
        return expr instanceof Expr.Negation negation ? new Expr.Negation(bare(negation.of())) : expr;
    }

    private Match values(Expr gold, Expr prediction) {
        if (gold.equals(prediction)) {
            return Match.SAME;
        }
        if (isInfinite(gold) || isInfinite(prediction)) {
            return Match.DIFFERENT;
        }
        Rational g = exact.value(gold);
        Rational p = exact.value(prediction);
        boolean rounded = hasDecimal(gold) || hasDecimal(prediction);
        if (g != null && p != null && (!rounded || (g.terminates() && p.terminates()))) {
            return Match.of(g.equals(p));
        }
        Set<String> letters = new LinkedHashSet<>(Rewrite.symbols(gold));
        letters.addAll(Rewrite.symbols(prediction));
        return letters.isEmpty() ? closedForms(gold, prediction, rounded) : formulas(gold, prediction, letters);
    }

    private Match closedForms(Expr gold, Expr prediction, boolean rounded) {
        try {
            Numeric numeric = new Numeric(Map.of(), effort);
            Approx g = numeric.value(gold);
            Approx p = numeric.value(prediction);
            boolean same = rounded && isRounded(g, p, unit(gold).max(unit(prediction)));
            return same ? Match.SAME : g.compare(p);
        } catch (Numeric.Undefined e) {
            return Match.UNKNOWN;
        }
    }

    /** What the decimals of a rounded number count in: 1, or 10^8 in {@code 4.85165195 \times 10^8}; 0 where none is rounded. */
    private BigDecimal unit(Expr expr) {
        if (!hasDecimal(expr)) {
            return BigDecimal.ZERO;
        }
        Expr positive = expr instanceof Expr.Negation negation ? negation.of() : expr;
        boolean scientific = positive instanceof Expr.Product product
                && product.factors().size() == 2
                && product.factors().getFirst() instanceof Expr.Number
                && product.factors().getLast() instanceof Expr.Power power
                && power.base() instanceof Expr.Number ten
                && ten.value().equals(Rational.of(10));
        Rational size =
                scientific ? exact.value(((Expr.Product) positive).factors().getLast()) : null;
        return size == null ? BigDecimal.ONE : size.approximate(Approx.PRECISION);
    }

    private boolean isRounded(Approx gold, Approx prediction, BigDecimal unit) {
        BigDecimal difference = gold.plus(prediction.negate()).magnitude();
        BigDecimal decimals = unit.movePointLeft(rules.decimals());
        return difference.compareTo(decimals) <= 0
                && difference.compareTo(gold.magnitude().multiply(RELATIVE)) <= 0;
    }

    /** Equal at every point where both have a value. */
    private Match formulas(Expr gold, Expr prediction, Set<String> letters) {
        Points points = new Points(letters);
        int tried = 0;
        for (int point = 0; point < Points.USUAL || (tried < 2 && point < Points.ALL); point++) {
            Approx g = at(gold, points, point);
            Approx p = at(prediction, points, point);
            if (g != null && p != null) {
                tried++;
                Match here = g.compare(p);
                if (here != Match.SAME) {
                    return here;
                }
            } else if ((g == null) != (p == null) && (point < Points.POSITIVE || point >= Points.USUAL)) {
                return Match.UNKNOWN;
            }
        }
        return tried >= 2 ? Match.SAME : Match.UNKNOWN;
    }

    /**
     * Whether two left-minus-right sides are multiples of one another, so that setting them to zero says the same.
     *
     * @return the sign of the factor; null where they are no multiples, 0 where it could not be found out
     */
    @Nullable
    Integer factorSign(Expr gold, Expr prediction) {
        Set<String> letters = new LinkedHashSet<>(Rewrite.symbols(gold));
        if (letters.isEmpty() || !letters.equals(Rewrite.symbols(prediction))) {
            return null;
        }
        Points points = new Points(letters);
        int tried = 0;
        Approx factor = null;
        for (int point = 0; point < Points.USUAL || (tried < 2 && point < Points.ALL); point++) {
            Approx g = at(gold, points, point);
            Approx p = at(prediction, points, point);
            if (g == null || p == null || (p.isWithinError() && g.isWithinError())) {
                continue;
            }
            if (p.isWithinError() || g.isWithinError()) {
                return null;
            }
            Approx here = g.times(p.inverse());
            if (factor != null && factor.compare(here) != Match.SAME) {
                return null;
            }
            factor = here;
            tried++;
        }
        return factor == null || tried < 2 || !factor.isReal()
                ? (Integer) 0
                : (Integer) factor.re().signum();
    }

    private @Nullable Approx at(Expr expr, Points points, int point) {
        try {
            return new Numeric(points.at(point), effort).value(expr);
        } catch (Numeric.Undefined e) {
            return null;
        }
    }

    static boolean isInfinite(Expr expr) {
        return expr == Expr.Constant.INFINITY || (expr instanceof Expr.Negation minus && isInfinite(minus.of()));
    }

    private static boolean hasDecimal(Expr expr) {
        boolean[] found = {expr instanceof Expr.Number number && number.decimal()};
        Rewrite.parts(expr, part -> {
            found[0] |= hasDecimal(part);
            return part;
        });
        return found[0];
    }
}

package dev.distill.data.answer;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares single values: fractions exactly, closed forms to 25 digits, formulas with letters by {@link Sampler}. */
final class ScalarComparer {
    /** A rounded decimal must also agree to this share of the value, so that small values are not all nothing. */
    private static final BigDecimal RELATIVE = new BigDecimal("0.001");

    private final ComparisonRules rules;
    private final Effort effort;
    private final Exact exact;
    private final Sampler sampler;

    ScalarComparer(ComparisonRules rules, Effort effort) {
        this.rules = rules;
        this.effort = effort;
        this.exact = new Exact(effort);
        this.sampler = new Sampler(effort);
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
        boolean letters =
                !Rewrite.symbols(gold).isEmpty() || !Rewrite.symbols(prediction).isEmpty();
        return letters ? formulas(gold, prediction) : closedForms(gold, prediction, rounded);
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

    /**
     * Formulas with letters. The constant of an integral may be C or c; where c may be something else, a side of a triangle say,
     * nobody knows.
     */
    private Match formulas(Expr gold, Expr prediction) {
        Match match = sampler.compare(gold, prediction);
        String own = constant(prediction);
        String wanted = constant(gold);
        if (match == Match.SAME || own == null || wanted == null || own.equals(wanted)) {
            return match;
        }
        Match renamed = sampler.compare(gold, Rewrite.renamed(prediction, List.of(own), List.of(wanted)));
        Set<String> letters = Rewrite.symbols(gold);
        boolean sides =
                letters.contains("a") || letters.contains("b") || letters.contains("A") || letters.contains("B");
        return sides && renamed == Match.SAME ? Match.UNKNOWN : renamed;
    }

    /** C or c where one of them stands as a term by itself, and the other one nowhere. */
    private static @Nullable String constant(Expr expr) {
        if (!(expr instanceof Expr.Sum sum)) {
            return null;
        }
        Set<String> letters = Rewrite.symbols(expr);
        for (String name : new String[] {"C", "c"}) {
            if (sum.terms().contains(new Expr.Symbol(name)) && !letters.contains(name.equals("C") ? "c" : "C")) {
                return name;
            }
        }
        return null;
    }

    @Nullable
    Integer factorSign(Expr gold, Expr prediction) {
        return sampler.factorSign(gold, prediction);
    }

    static boolean isInfinite(Expr expr) {
        return expr == Expr.Constant.INFINITY || (expr instanceof Expr.Negation minus && isInfinite(minus.of()));
    }

    private static boolean hasDecimal(Expr expr) {
        return Rewrite.contains(expr, part -> part instanceof Expr.Number number && number.decimal());
    }
}

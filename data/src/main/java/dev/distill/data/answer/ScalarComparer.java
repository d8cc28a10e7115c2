package dev.distill.data.answer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares single values: fractions exactly, closed forms to 25 digits, formulas with letters at fixed points. */
final class ScalarComparer {
    /** Points where letters are positive, then points where some are negative. */
    private static final int POSITIVE_POINTS = 3;

    private static final int POINTS = 6;

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
        for (Expr g : meanings(gold)) {
            for (Expr p : meanings(prediction)) {
                match = match.or(values(g, p));
            }
        }
        return match;
    }

    /** 28 % is 28 or 0.28, 90 degrees are 90 or pi/2. */
    private static List<Expr> meanings(Expr expr) {
        if (expr instanceof Expr.Percent percent) {
            return List.of(percent.of(), percent);
        }
        if (expr instanceof Expr.Degrees degrees) {
            return List.of(degrees.of(), degrees);
        }
        if (expr instanceof Expr.Negation negation) {
            return meanings(negation.of()).stream()
                    .<Expr>map(Expr.Negation::new)
                    .toList();
        }
        return List.of(expr);
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
            return Match.of(g.isCloseTo(p) || (rounded && isRounded(g, p)));
        } catch (Numeric.Undefined e) {
            return Match.UNKNOWN;
        }
    }

    private boolean isRounded(Approx gold, Approx prediction) {
        BigDecimal difference = gold.plus(prediction.negate()).magnitude();
        BigDecimal size = gold.magnitude();
        BigDecimal decimals = BigDecimal.ONE.movePointLeft(rules.decimals()).multiply(size.max(BigDecimal.ONE));
        return difference.compareTo(decimals) <= 0 && difference.compareTo(size.multiply(RELATIVE)) <= 0;
    }

    /** Equal at every point where both have a value. */
    private Match formulas(Expr gold, Expr prediction, Set<String> letters) {
        int tried = 0;
        for (int point = 0; point < POINTS; point++) {
            Approx g = at(gold, letters, point);
            Approx p = at(prediction, letters, point);
            if (g != null && p != null) {
                tried++;
                if (!g.isCloseTo(p)) {
                    return Match.DIFFERENT;
                }
            } else if ((g == null) != (p == null) && point < POSITIVE_POINTS) {
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
        if (!letters.equals(Rewrite.symbols(prediction))) {
            return null;
        }
        Approx factor = null;
        for (int point = 0; point < POINTS; point++) {
            Approx g = at(gold, letters, point);
            Approx p = at(prediction, letters, point);
            if (g == null || p == null || p.isZero() || g.isZero()) {
                continue;
            }
            Approx here = g.times(p.inverse());
            if (factor != null && !factor.isCloseTo(here)) {
                return null;
            }
            factor = here;
        }
        return factor == null || !factor.isReal()
                ? (Integer) 0
                : (Integer) factor.re().signum();
    }

    private @Nullable Approx at(Expr expr, Set<String> letters, int point) {
        Map<String, BigDecimal> values = new HashMap<>();
        List<String> names = new ArrayList<>(letters);
        names.sort(null);
        for (String name : names) {
            values.put(name, coordinate(name, point));
        }
        try {
            return new Numeric(values, effort).value(expr);
        } catch (Numeric.Undefined e) {
            return null;
        }
    }

    /** A value between 0.3 and 2.3 that depends on name and point alone; from the fourth point on of either sign. */
    private static BigDecimal coordinate(String name, int point) {
        long mixed = (name.hashCode() * 0x9E3779B97F4A7C15L) ^ ((point + 1) * 0xBF58476D1CE4E5B9L);
        mixed = (mixed ^ (mixed >>> 30)) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        BigDecimal value = BigDecimal.valueOf(300_000 + Math.floorMod(mixed, 2_000_000L), 6);
        return point >= POSITIVE_POINTS && (mixed & (1L << 40)) == 0 ? value.negate() : value;
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

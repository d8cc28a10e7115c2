package dev.distill.data.answer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares formulas with letters at {@link Points}. Formulas that are one function on a piece of the line are so everywhere,
 * but for those that bend (bars, even roots) or jump (integer parts): these are tried far out and densely too.
 */
final class Sampler {
    /** What a formula can do between two points, the worst last. */
    private enum Shape {
        SMOOTH,
        ROOTS,
        BARS,
        STEPS
    }

    private final Effort effort;

    Sampler(Effort effort) {
        this.effort = effort;
    }

    /** Whether both are equal wherever both have a value. */
    Match compare(Expr gold, Expr prediction) {
        Points points = new Points(letters(gold, prediction));
        Shape shape = shape(gold, prediction);
        Match usual = usual(gold, prediction, points, shape);
        if (shape == Shape.STEPS) {
            Match whole = at(gold, prediction, points.whole(reach(gold, prediction)), shape);
            Match real = usual == Match.SAME ? far(gold, prediction, points, shape) : usual;
            return whole == Match.DIFFERENT || whole == real ? whole : Match.UNKNOWN;
        }
        return usual == Match.SAME && shape != Shape.SMOOTH ? far(gold, prediction, points, shape) : usual;
    }

    private Match usual(Expr gold, Expr prediction, Points points, Shape shape) {
        int tried = 0;
        for (int point = 0; point < Points.USUAL || (tried < 2 && point < Points.ALL); point++) {
            Map<String, BigDecimal> values = points.at(point);
            Approx g = value(gold, values);
            Approx p = value(prediction, values);
            if (g != null && p != null) {
                tried++;
                Match here = g.compare(p);
                if (here != Match.SAME) {
                    return here;
                }
            } else if ((g == null) != (p == null) && (shape == Shape.BARS || Points.isPositive(point))) {
                return Match.UNKNOWN;
            }
        }
        return tried >= 2 ? Match.SAME : Match.UNKNOWN;
    }

    private Match far(Expr gold, Expr prediction, Points points, Shape shape) {
        return at(gold, prediction, points(points, shape, gold, prediction), shape);
    }

    private static List<Map<String, BigDecimal>> points(Points points, Shape shape, Expr gold, Expr prediction) {
        List<Map<String, BigDecimal>> all = new ArrayList<>(points.far(reach(gold, prediction)));
        if (shape != Shape.ROOTS) {
            all.addAll(points.dense());
        }
        return all;
    }

    private Match at(Expr gold, Expr prediction, List<Map<String, BigDecimal>> points, Shape shape) {
        for (Map<String, BigDecimal> point : points) {
            Approx[] values = values(gold, prediction, point);
            if (values.length == 2) {
                Match here = values[0].compare(values[1]);
                if (here != Match.SAME) {
                    return here;
                }
            } else if (values.length == 1
                    && (shape == Shape.BARS || point.values().stream().allMatch(value -> value.signum() > 0))) {
                return Match.UNKNOWN;
            }
        }
        return Match.SAME;
    }

    /** Both values, or the one that there is; none where one is beyond what can be computed. */
    private Approx[] values(Expr gold, Expr prediction, Map<String, BigDecimal> point) {
        try {
            Approx g = value(gold, point);
            Approx p = value(prediction, point);
            return g != null && p != null
                    ? new Approx[] {g, p}
                    : g != null ? new Approx[] {g} : p != null ? new Approx[] {p} : new Approx[0];
        } catch (Effort.TooMuch e) {
            effort.spend(0); // throws where it is not this point that is too much
            return new Approx[0];
        }
    }

    private @Nullable Approx value(Expr expr, Map<String, BigDecimal> point) {
        try {
            return new Numeric(point, effort).value(expr);
        } catch (Numeric.Undefined e) {
            return null;
        }
    }

    /**
     * Whether two left-minus-right sides are multiples of one another, so that setting them to zero says the same.
     *
     * @return the sign of the factor; null where they are no multiples, 0 where it could not be found out
     */
    @Nullable
    Integer factorSign(Expr gold, Expr prediction) {
        Set<String> letters = Rewrite.symbols(gold);
        if (letters.isEmpty() || !letters.equals(Rewrite.symbols(prediction))) {
            return null;
        }
        Points points = new Points(letters);
        Shape shape = shape(gold, prediction);
        Factor factor = new Factor(shape);
        for (int point = 0; point < Points.USUAL || (factor.tried < 2 && point < Points.ALL); point++) {
            Map<String, BigDecimal> values = points.at(point);
            Approx g = value(gold, values);
            Approx p = value(prediction, values);
            factor.add(g == null || p == null ? g == p ? new Approx[0] : new Approx[1] : new Approx[] {g, p});
        }
        if (shape != Shape.SMOOTH) {
            for (Map<String, BigDecimal> values : points(points, shape, gold, prediction)) {
                factor.add(values(gold, prediction, values));
            }
        }
        return factor.sign();
    }

    /** The factor between two formulas, as far as the points so far tell. */
    private static final class Factor {
        private final Shape shape;
        private int tried;
        private boolean other;
        private boolean lost;
        private @Nullable Approx factor;

        Factor(Shape shape) {
            this.shape = shape;
        }

        void add(Approx[] values) {
            if (values.length < 2) {
                lost |= values.length == 1 && shape == Shape.BARS;
                return;
            }
            if (values[0].isWithinError() || values[1].isWithinError()) {
                other |= values[0].isWithinError() != values[1].isWithinError();
                return;
            }
            Approx here = values[0].times(values[1].inverse());
            other |= factor != null && factor.compare(here) != Match.SAME;
            factor = here;
            tried++;
        }

        @Nullable
        Integer sign() {
            if (other) {
                return shape == Shape.STEPS ? (Integer) 0 : null;
            }
            return factor == null || tried < 2 || lost || !factor.isReal()
                    ? (Integer) 0
                    : (Integer) factor.re().signum();
        }
    }

    private static Set<String> letters(Expr gold, Expr prediction) {
        Set<String> letters = new LinkedHashSet<>(Rewrite.symbols(gold));
        letters.addAll(Rewrite.symbols(prediction));
        return letters;
    }

    private static Shape shape(Expr gold, Expr prediction) {
        Shape g = shape(gold);
        Shape p = shape(prediction);
        return g.compareTo(p) < 0 ? p : g;
    }

    private static Shape shape(Expr expr) {
        Shape shape = bends(expr);
        for (Expr part : Rewrite.children(expr)) {
            Shape of = shape(part);
            shape = shape.compareTo(of) < 0 ? of : shape;
        }
        return shape;
    }

    private static Shape bends(Expr expr) {
        if (expr instanceof Expr.Power power) {
            boolean root = !isInteger(power.exponent())
                    && Rewrite.symbols(power.exponent()).isEmpty();
            return root && !Rewrite.symbols(power.base()).isEmpty() ? Shape.ROOTS : Shape.SMOOTH;
        }
        if (!(expr instanceof Expr.Call call) || Rewrite.symbols(expr).isEmpty()) {
            return Shape.SMOOTH;
        }
        return switch (call.function()) {
            case FLOOR, CEIL -> Shape.STEPS;
            case ABS -> Shape.BARS;
            case SQRT, ROOT, ARCSIN, ARCCOS, ARCTAN -> Shape.ROOTS;
            case EXP, LN, LOG, LOG_BASE, SIN, COS, TAN, COT, SEC, CSC, SINH, COSH, TANH, FACTORIAL, BINOMIAL ->
                Shape.SMOOTH;
        };
    }

    private static boolean isInteger(Expr expr) {
        return expr instanceof Expr.Negation negation
                ? isInteger(negation.of())
                : expr instanceof Expr.Number number && number.value().isInteger();
    }

    /** How far from zero these formulas may still bend: three times their largest number. */
    private static BigDecimal reach(Expr gold, Expr prediction) {
        BigDecimal largest = largest(gold).max(largest(prediction)).multiply(BigDecimal.valueOf(3));
        return largest.max(BigDecimal.valueOf(40)).min(BigDecimal.valueOf(1_000_000));
    }

    private static BigDecimal largest(Expr expr) {
        BigDecimal largest = expr instanceof Expr.Number number
                ? number.value().approximate(Approx.PRECISION).abs()
                : BigDecimal.ZERO;
        for (Expr part : Rewrite.children(expr)) {
            largest = largest.max(largest(part));
        }
        return largest;
    }
}

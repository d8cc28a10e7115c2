package dev.distill.data.answer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arithmetic with units, as the parser does it: the unit of {@code 5 \times \$3} stands around the whole product. */
final class Measures {
    private Measures() {}

    /** The value in this unit; money that is named twice ({@code \$5 dollars}) is named once. */
    static Expr in(Expr value, Unit unit) {
        if (!(value instanceof Expr.Measure measure)) {
            return measure(value, unit);
        }
        boolean twice = measure.unit().bases().equals(unit.bases());
        return twice ? measure : measure(measure.of(), unit.times(measure.unit()));
    }

    private static Expr measure(Expr value, Unit unit) {
        return unit.isNone() ? value : new Expr.Measure(value, unit);
    }

    static Expr product(Expr left, Expr right) {
        if (left instanceof Expr.Measure || right instanceof Expr.Measure) {
            return measure(product(value(left), value(right)), unit(left).times(unit(right)));
        }
        List<Expr> factors = new ArrayList<>(left instanceof Expr.Product more ? more.factors() : List.of(left));
        factors.add(right);
        return new Expr.Product(factors);
    }

    static Expr quotient(Expr above, Expr below) {
        Expr value = new Expr.Quotient(value(above), value(below));
        return measure(value, unit(above).times(unit(below).inverse()));
    }

    static Expr negated(Expr expr) {
        return measure(new Expr.Negation(value(expr)), unit(expr));
    }

    /** A sum; one unit around all of it where its terms are in one. */
    static Expr sum(List<Expr> terms) {
        if (terms.size() == 1) {
            return terms.getFirst();
        }
        Unit unit = unit(terms.getFirst());
        boolean one = terms.stream().allMatch(term -> unit(term).equals(unit));
        return one
                ? measure(new Expr.Sum(terms.stream().map(Measures::value).toList()), unit)
                : new Expr.Sum(List.copyOf(terms));
    }

    private static Expr value(Expr expr) {
        return expr instanceof Expr.Measure measure ? measure.of() : expr;
    }

    private static Unit unit(Expr expr) {
        return expr instanceof Expr.Measure measure ? measure.unit() : Unit.NONE;
    }

    /** A product with letters that name units, where the other side has one: {@code 1000 m}, {@code 12 m^2}; null for all others. */
    static Expr.@Nullable Measure ofLetters(Expr expr) {
        if (expr instanceof Expr.Negation negation && ofLetters(negation.of()) instanceof Expr.Measure positive) {
            return new Expr.Measure(new Expr.Negation(positive.of()), positive.unit());
        }
        if (expr instanceof Expr.Quotient quotient && ofLetters(quotient.above()) instanceof Expr.Measure above) {
            Unit below = Units.named(quotient.below());
            return below == null
                    ? null
                    : new Expr.Measure(above.of(), above.unit().times(below.inverse()));
        }
        if (!(expr instanceof Expr.Product product)) {
            return null;
        }
        Unit unit = Units.named(product.factors().getLast());
        List<Expr> value = product.factors().subList(0, product.factors().size() - 1);
        return unit == null
                ? null
                : new Expr.Measure(value.size() == 1 ? value.getFirst() : new Expr.Product(value), unit);
    }
}

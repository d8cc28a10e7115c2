package dev.distill.data.answer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Walks over expressions: replacing parts, collecting letters, multiplying matrices. */
final class Rewrite {
    private Rewrite() {}

    /** The expression with each direct part replaced. */
    static Expr parts(Expr expr, UnaryOperator<Expr> replace) {
        return switch (expr) {
            case Expr.Sum sum -> new Expr.Sum(all(sum.terms(), replace));
            case Expr.Product product -> new Expr.Product(all(product.factors(), replace));
            case Expr.Quotient q -> new Expr.Quotient(replace.apply(q.above()), replace.apply(q.below()));
            case Expr.Power power -> new Expr.Power(replace.apply(power.base()), replace.apply(power.exponent()));
            case Expr.Negation negation -> new Expr.Negation(replace.apply(negation.of()));
            case Expr.PlusMinus p ->
                new Expr.PlusMinus(p.left() == null ? null : replace.apply(p.left()), replace.apply(p.right()));
            case Expr.Call call -> new Expr.Call(call.function(), all(call.arguments(), replace));
            case Expr.Measure measure -> new Expr.Measure(replace.apply(measure.of()), measure.unit());
            case Expr.Percent percent -> new Expr.Percent(replace.apply(percent.of()));
            case Expr.Degrees degrees -> new Expr.Degrees(replace.apply(degrees.of()));
            case Expr.Group group -> new Expr.Group(group.open(), group.close(), all(group.items(), replace));
            case Expr.Listing listing -> new Expr.Listing(all(listing.items(), replace), listing.either());
            case Expr.SetOperation sets -> new Expr.SetOperation(sets.operator(), all(sets.operands(), replace));
            case Expr.Matrix matrix ->
                new Expr.Matrix(
                        matrix.rows().stream().map(row -> all(row, replace)).toList());
            case Expr.Relation relation -> new Expr.Relation(all(relation.terms(), replace), relation.operators());
            case Expr.Number _, Expr.Numeral _, Expr.Symbol _, Expr.Constant _, Expr.Words _ -> expr;
        };
    }

    private static List<Expr> all(List<Expr> list, UnaryOperator<Expr> replace) {
        return list.stream().map(replace).toList();
    }

    /** How many levels the expression has, counted without going down into it; more than the limit is not counted on. */
    static int height(Expr expr, int limit) {
        List<Expr> level = List.of(expr);
        int height = 0;
        while (!level.isEmpty() && height <= limit) {
            List<Expr> next = new ArrayList<>();
            for (Expr each : level) {
                parts(each, part -> {
                    next.add(part);
                    return part;
                });
            }
            level = next;
            height++;
        }
        return height;
    }

    /** The expression with the upper (or lower) signs of all its ± taken. */
    static Expr signed(Expr expr, boolean plus) {
        if (expr instanceof Expr.PlusMinus both) {
            Expr right = signed(both.right(), plus);
            Expr term = plus ? right : new Expr.Negation(right);
            return both.left() == null ? term : new Expr.Sum(List.of(signed(both.left(), plus), term));
        }
        return parts(expr, part -> signed(part, plus));
    }

    static boolean hasPlusMinus(Expr expr) {
        boolean[] found = {expr instanceof Expr.PlusMinus};
        parts(expr, part -> {
            found[0] |= hasPlusMinus(part);
            return part;
        });
        return found[0];
    }

    /** The letters of an expression, in the order in which they appear. */
    static Set<String> symbols(Expr expr) {
        Set<String> names = new LinkedHashSet<>();
        collect(expr, names);
        return names;
    }

    private static void collect(Expr expr, Set<String> names) {
        if (expr instanceof Expr.Symbol symbol) {
            names.add(symbol.name());
        }
        parts(expr, part -> {
            collect(part, names);
            return part;
        });
    }

    /** The prediction with its letters renamed to the reference's, first to first, second to second. */
    static Expr renamed(Expr prediction, Expr gold) {
        List<String> from = new ArrayList<>(symbols(prediction));
        List<String> to = new ArrayList<>(symbols(gold));
        return renamed(prediction, from, to);
    }

    private static Expr renamed(Expr expr, List<String> from, List<String> to) {
        if (expr instanceof Expr.Symbol symbol) {
            int place = from.indexOf(symbol.name());
            return place < to.size() ? new Expr.Symbol(to.get(place)) : symbol;
        }
        return parts(expr, part -> renamed(part, from, to));
    }

    /** A product that holds matrices, multiplied out; any other expression as it is. */
    static Expr multiplied(Expr expr) {
        if (!(expr instanceof Expr.Product product)
                || product.factors().stream().noneMatch(Expr.Matrix.class::isInstance)) {
            return expr;
        }
        Expr result = product.factors().getFirst();
        for (Expr factor : product.factors().subList(1, product.factors().size())) {
            result = times(result, factor);
        }
        return result;
    }

    private static Expr times(Expr left, Expr right) {
        if (left instanceof Expr.Matrix a && right instanceof Expr.Matrix b) {
            boolean fits =
                    a.rows().stream().allMatch(row -> row.size() == b.rows().size());
            return fits ? times(a, b) : new Expr.Product(List.of(left, right));
        }
        if (left instanceof Expr.Matrix matrix) {
            return parts(matrix, entry -> new Expr.Product(List.of(right, entry)));
        }
        return right instanceof Expr.Matrix matrix
                ? parts(matrix, entry -> new Expr.Product(List.of(left, entry)))
                : new Expr.Product(List.of(left, right));
    }

    private static Expr.Matrix times(Expr.Matrix a, Expr.Matrix b) {
        List<List<Expr>> rows = new ArrayList<>();
        int columns = b.rows().getFirst().size();
        for (List<Expr> left : a.rows()) {
            List<Expr> row = new ArrayList<>();
            for (int j = 0; j < columns; j++) {
                List<Expr> terms = new ArrayList<>();
                for (int k = 0; k < left.size(); k++) {
                    List<Expr> right = b.rows().get(k);
                    terms.add(new Expr.Product(
                            List.of(left.get(k), j < right.size() ? right.get(j) : new Expr.Words("missing"))));
                }
                row.add(new Expr.Sum(terms));
            }
            rows.add(row);
        }
        return new Expr.Matrix(rows);
    }
}

package dev.distill.data.answer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Walks over expressions: replacing parts, collecting letters, multiplying matrices. */
final class Rewrite {
    private static final int MAX_DETERMINANT = 4;

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

    /** The direct parts of an expression. */
    static List<Expr> children(Expr expr) {
        return switch (expr) {
            case Expr.Sum sum -> sum.terms();
            case Expr.Product product -> product.factors();
            case Expr.Quotient q -> List.of(q.above(), q.below());
            case Expr.Power power -> List.of(power.base(), power.exponent());
            case Expr.Negation negation -> List.of(negation.of());
            case Expr.PlusMinus p -> p.left() == null ? List.of(p.right()) : List.of(p.left(), p.right());
            case Expr.Call call -> call.arguments();
            case Expr.Measure measure -> List.of(measure.of());
            case Expr.Percent percent -> List.of(percent.of());
            case Expr.Degrees degrees -> List.of(degrees.of());
            case Expr.Group group -> group.items();
            case Expr.Listing listing -> listing.items();
            case Expr.SetOperation sets -> sets.operands();
            case Expr.Matrix matrix ->
                matrix.rows().stream().flatMap(List::stream).toList();
            case Expr.Relation relation -> relation.terms();
            case Expr.Number _, Expr.Numeral _, Expr.Symbol _, Expr.Constant _, Expr.Words _ -> List.of();
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
                next.addAll(children(each));
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
            Expr term = plus ? right : Measures.negated(right);
            return both.left() == null ? term : Measures.sum(List.of(signed(both.left(), plus), term));
        }
        return parts(expr, part -> signed(part, plus));
    }

    /** The expression with its ± written out: values as a list, items of a list or set as two each. */
    static Expr bothSigns(Expr expr) {
        if (expr instanceof Expr.Relation || !hasPlusMinus(expr)) {
            return expr;
        }
        if (expr instanceof Expr.Listing listing) {
            return new Expr.Listing(bothSigns(listing.items()), listing.either());
        }
        return expr instanceof Expr.Group group && group.open() == Expr.Bracket.BRACE
                ? new Expr.Group(group.open(), group.close(), bothSigns(group.items()))
                : new Expr.Listing(List.of(signed(expr, true), signed(expr, false)));
    }

    private static List<Expr> bothSigns(List<Expr> items) {
        List<Expr> values = new ArrayList<>();
        for (Expr item : items) {
            values.addAll(bothSigns(item) instanceof Expr.Listing both ? both.items() : List.of(item));
        }
        return values;
    }

    static boolean hasPlusMinus(Expr expr) {
        return contains(expr, Expr.PlusMinus.class::isInstance);
    }

    /** Whether the expression or a part of it is such a one. */
    static boolean contains(Expr expr, Predicate<Expr> such) {
        if (such.test(expr)) {
            return true;
        }
        for (Expr part : children(expr)) {
            if (contains(part, such)) {
                return true;
            }
        }
        return false;
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
        children(expr).forEach(part -> collect(part, names));
    }

    /** The prediction with its letters renamed to the reference's, first to first, second to second. */
    static Expr renamed(Expr prediction, Expr gold) {
        List<String> from = new ArrayList<>(symbols(prediction));
        List<String> to = new ArrayList<>(symbols(gold));
        return renamed(prediction, from, to);
    }

    /** The expression with its letters renamed, each of the first list to the one at the same place in the second. */
    static Expr renamed(Expr expr, List<String> from, List<String> to) {
        if (expr instanceof Expr.Symbol symbol) {
            int place = from.indexOf(symbol.name());
            return place >= 0 && place < to.size() ? new Expr.Symbol(to.get(place)) : symbol;
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

    /** The determinant of a small square matrix, along its first row. */
    static Expr determinant(List<List<Expr>> rows) throws Unreadable {
        int size = rows.size();
        if (size > MAX_DETERMINANT || rows.stream().anyMatch(row -> row.size() != size)) {
            throw new Unreadable("a determinant that is not square, or of more than " + MAX_DETERMINANT + " rows");
        }
        if (size == 1) {
            return rows.getFirst().getFirst();
        }
        List<Expr> terms = new ArrayList<>();
        for (int column = 0; column < size; column++) {
            List<List<Expr>> rest = new ArrayList<>();
            for (List<Expr> row : rows.subList(1, size)) {
                List<Expr> others = new ArrayList<>(row);
                others.remove(column);
                rest.add(others);
            }
            Expr term = new Expr.Product(List.of(rows.getFirst().get(column), determinant(rest)));
            terms.add(column % 2 == 0 ? term : new Expr.Negation(term));
        }
        return new Expr.Sum(terms);
    }
}

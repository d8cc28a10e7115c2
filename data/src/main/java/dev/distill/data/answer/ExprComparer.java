package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares whole answers: lists, brackets, sets, matrices and relations here, single values in {@link ScalarComparer}. */
final class ExprComparer {
    private final ComparisonRules rules;
    private final Effort effort;
    private final ScalarComparer scalars;

    ExprComparer(ComparisonRules rules, Effort effort) {
        this.rules = rules;
        this.effort = effort;
        this.scalars = new ScalarComparer(rules, effort);
    }

    Match compare(Expr gold, Expr prediction) {
        Expr g = prepared(gold);
        Expr p = rules.sameNames() ? prepared(prediction) : Rewrite.renamed(prepared(prediction), g);
        return same(g, p);
    }

    private Expr prepared(Expr expr) {
        effort.spend(10);
        Expr result = expr;
        if (result instanceof Expr.Relation relation) {
            result = Relations.withoutApproximation(relation);
        }
        if (result instanceof Expr.Relation relation
                && relation.operators().size() == 1
                && relation.operators().getFirst() == Expr.Operator.IN) {
            result = relation.terms().getLast();
        }
        if (Rewrite.hasPlusMinus(result) && !(result instanceof Expr.Listing) && !(result instanceof Expr.Relation)) {
            result = new Expr.Listing(List.of(Rewrite.signed(result, true), Rewrite.signed(result, false)));
        }
        return Rewrite.multiplied(result);
    }

    private Match same(Expr gold, Expr prediction) {
        effort.spend(10);
        if (gold.equals(prediction)) {
            return Match.SAME;
        }
        if (gold instanceof Expr.Relation g) {
            return prediction instanceof Expr.Relation p ? relations(g, p) : relationAndValue(g, prediction);
        }
        if (prediction instanceof Expr.Relation p) {
            return valueAndRelation(gold, p);
        }
        if (isMany(gold) || isMany(prediction)) {
            return many(gold, prediction);
        }
        if (gold instanceof Expr.Words || prediction instanceof Expr.Words) {
            return Match.DIFFERENT;
        }
        return scalars.compare(gold, prediction);
    }

    private Match relations(Expr.Relation gold, Expr.Relation prediction) {
        Expr g = Relations.assigned(gold);
        Expr p = Relations.assigned(prediction);
        if (g != null && p != null) {
            String goldName = Relations.name(gold);
            String predictedName = Relations.name(prediction);
            boolean other = goldName != null && predictedName != null && !goldName.equals(predictedName);
            return other ? Match.DIFFERENT : same(prepared(g), prepared(p));
        }
        Match match = chains(gold, prediction).or(chains(gold, Relations.reversed(prediction)));
        if (match == Match.SAME
                || gold.terms().size() != 2
                || prediction.terms().size() != 2) {
            return match;
        }
        return multiples(gold, prediction);
    }

    private Match chains(Expr.Relation gold, Expr.Relation prediction) {
        return gold.operators().equals(prediction.operators())
                ? Match.inOrder(gold.terms(), prediction.terms(), this::same)
                : Match.DIFFERENT;
    }

    /** {@code 2x + 4y = 3} and {@code y = 3/4 - x/2}: the difference of the sides differs by a factor. */
    private Match multiples(Expr.Relation gold, Expr.Relation prediction) {
        Integer sign = scalars.factorSign(difference(gold), difference(prediction));
        if (sign == null) {
            return Match.DIFFERENT;
        }
        if (sign == 0) {
            return Match.UNKNOWN;
        }
        Expr.Operator operator = prediction.operators().getFirst();
        return Match.of(gold.operators().getFirst() == (sign > 0 ? operator : operator.flipped()));
    }

    private static Expr difference(Expr.Relation relation) {
        return new Expr.Sum(List.of(
                relation.terms().getFirst(), new Expr.Negation(relation.terms().getLast())));
    }

    private Match relationAndValue(Expr.Relation gold, Expr prediction) {
        Expr value = Relations.assigned(gold);
        if (value != null) {
            return same(prepared(value), prediction);
        }
        Expr interval = Relations.interval(gold);
        return interval != null && isMany(prediction) ? same(interval, prediction) : Match.DIFFERENT;
    }

    /** A reference that is a value accepts the end of a chain: {@code a + b = 3 + 4 = 7}. */
    private Match valueAndRelation(Expr gold, Expr.Relation prediction) {
        if (Relations.isEquation(prediction)) {
            Expr value = Relations.assigned(prediction);
            return same(
                    gold, prepared(value != null ? value : prediction.terms().getLast()));
        }
        Expr interval = rules.inequalityForInterval() ? Relations.interval(prediction) : null;
        return interval == null ? Match.DIFFERENT : same(gold, interval);
    }

    private static boolean isMany(Expr expr) {
        return expr instanceof Expr.Listing
                || expr instanceof Expr.Group
                || expr instanceof Expr.SetOperation
                || expr instanceof Expr.Matrix;
    }

    private Match many(Expr gold, Expr prediction) {
        if (gold instanceof Expr.SetOperation g && prediction instanceof Expr.SetOperation p) {
            return !g.operator().equals(p.operator())
                    ? Match.DIFFERENT
                    : g.operator().equals("setminus")
                            ? Match.inOrder(g.operands(), p.operands(), this::compare)
                            : Match.inAnyOrder(g.operands(), p.operands(), this::compare);
        }
        if (gold instanceof Expr.Matrix g && prediction instanceof Expr.Matrix p) {
            return Match.inOrder(g.rows(), p.rows(), (a, b) -> Match.inOrder(a, b, this::compare));
        }
        List<Expr> goldItems = items(gold);
        List<Expr> predictedItems = items(prediction);
        if (goldItems == null || predictedItems == null) {
            return Match.DIFFERENT;
        }
        boolean ordered = gold instanceof Expr.Listing && prediction instanceof Expr.Listing
                ? rules.listOrder()
                : isOrdered(gold) || isOrdered(prediction);
        if (ordered) {
            return isOrdered(gold) == isOrdered(prediction) || isFree(gold) || isFree(prediction)
                    ? brackets(gold, prediction).and(Match.inOrder(goldItems, predictedItems, this::compare))
                    : Match.DIFFERENT;
        }
        return Match.inAnyOrder(goldItems, predictedItems, this::compare);
    }

    /** Round and square brackets around two items tell an interval's ends. */
    private static Match brackets(Expr gold, Expr prediction) {
        if (gold instanceof Expr.Group g
                && prediction instanceof Expr.Group p
                && g.items().size() == 2
                && p.items().size() == 2) {
            return Match.of(g.open() == p.open() && g.close() == p.close());
        }
        return Match.SAME;
    }

    /** Nothing stands around the items, so that they may be any collection. */
    private static boolean isFree(Expr expr) {
        return expr instanceof Expr.Listing || expr instanceof Expr.Matrix;
    }

    private static boolean isOrdered(Expr expr) {
        return expr instanceof Expr.Matrix || (expr instanceof Expr.Group group && group.open() != Bracket.BRACE);
    }

    /** The items of a collection, a vector's entries, or one value as a collection of one. */
    private static @Nullable List<Expr> items(Expr expr) {
        return switch (expr) {
            case Expr.Listing listing -> listing.items();
            case Expr.Group group -> group.items();
            case Expr.Matrix matrix -> vector(matrix);
            case Expr.SetOperation _ -> null;
            case Expr.Number _,
                    Expr.Symbol _,
                    Expr.Constant _,
                    Expr.Sum _,
                    Expr.Product _,
                    Expr.Quotient _,
                    Expr.Power _,
                    Expr.Negation _,
                    Expr.PlusMinus _,
                    Expr.Call _,
                    Expr.Percent _,
                    Expr.Degrees _,
                    Expr.Relation _,
                    Expr.Words _ -> List.of(expr);
        };
    }

    private static @Nullable List<Expr> vector(Expr.Matrix matrix) {
        if (matrix.rows().size() == 1) {
            return matrix.rows().getFirst();
        }
        List<Expr> column = new ArrayList<>();
        for (List<Expr> row : matrix.rows()) {
            column.addAll(row);
        }
        return column.size() == matrix.rows().size() ? column : null;
    }
}

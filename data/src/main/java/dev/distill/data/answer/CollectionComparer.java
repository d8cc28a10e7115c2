package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares answers of several parts: lists, points, intervals, sets, ratios, matrices. */
final class CollectionComparer {
    private final ComparisonRules rules;
    private final Match.Comparison<Expr> items;
    private final Match.Comparison<Expr> named;

    /**
     * @param items compares one part with one part
     * @param named the same where the parts are equations for different things
     */
    CollectionComparer(ComparisonRules rules, Match.Comparison<Expr> items, Match.Comparison<Expr> named) {
        this.rules = rules;
        this.items = items;
        this.named = named;
    }

    static boolean isMany(Expr expr) {
        return expr instanceof Expr.Listing
                || expr instanceof Expr.Group
                || expr instanceof Expr.SetOperation
                || expr instanceof Expr.Matrix;
    }

    Match compare(Expr gold, Expr prediction) {
        if (gold instanceof Expr.Listing listing && prediction instanceof Expr.SetOperation) {
            Expr union = Relations.union(listing);
            return union == null ? Match.DIFFERENT : compare(union, prediction);
        }
        if (rules.inequalityForInterval()
                && gold instanceof Expr.SetOperation
                && prediction instanceof Expr.Listing listing) {
            Expr union = Relations.union(listing);
            return union == null ? Match.DIFFERENT : compare(gold, union);
        }
        if (isRatio(gold) || isRatio(prediction)) {
            return ratios(gold, prediction);
        }
        if (isMany(gold) != isMany(prediction) && oneInOtherForms(gold, prediction)) {
            return Match.SAME;
        }
        if (gold instanceof Expr.SetOperation g && prediction instanceof Expr.SetOperation p) {
            return !g.operator().equals(p.operator())
                    ? Match.DIFFERENT
                    : g.operator().equals("setminus")
                            ? Match.inOrder(g.operands(), p.operands(), items)
                            : Match.inAnyOrder(g.operands(), p.operands(), items);
        }
        if (gold instanceof Expr.Matrix g && prediction instanceof Expr.Matrix p) {
            return Match.inOrder(g.rows(), p.rows(), (a, b) -> Match.inOrder(a, b, items));
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
                    ? brackets(gold, prediction).and(Match.inOrder(goldItems, predictedItems, items))
                    : Match.DIFFERENT;
        }
        boolean points =
                goldItems.stream().allMatch(Expr.Group.class::isInstance); // solutions, which nobody counts twice
        boolean set = points || isSet(gold) || (isSet(prediction) && !(gold instanceof Expr.Listing));
        return set ? Match.inAnyOrder(goldItems, predictedItems, items) : lists(goldItems, predictedItems);
    }

    /** {@code 2\frac12 or \frac52}: one value in two forms, beside a single one. */
    private boolean oneInOtherForms(Expr gold, Expr prediction) {
        return gold instanceof Expr.Listing wanted
                ? wanted.either()
                        && wanted.items().stream().allMatch(item -> items.compare(item, prediction) == Match.SAME)
                : prediction instanceof Expr.Listing given
                        && given.either()
                        && given.items().stream().allMatch(item -> items.compare(gold, item) == Match.SAME);
    }

    /** Lists in any order, but for values that only one side names: {@code x = 1, y = 2} and {@code 2, 1}. */
    private Match lists(List<Expr> gold, List<Expr> prediction) {
        boolean goldNames = Names.tellApart(gold);
        boolean predictionNames = Names.tellApart(prediction);
        Match match = Match.oneToOne(gold, prediction, goldNames || predictionNames ? named : items);
        boolean bare = goldNames ? hasNoEquation(prediction) : predictionNames && hasNoEquation(gold);
        return match == Match.SAME && bare && Match.inOrder(gold, prediction, items) != Match.SAME
                ? Match.UNKNOWN
                : match;
    }

    private static boolean hasNoEquation(List<Expr> items) {
        return items.stream().noneMatch(Expr.Relation.class::isInstance);
    }

    private static boolean isSet(Expr expr) {
        return expr instanceof Expr.Group group && group.open() == Bracket.BRACE;
    }

    /** Ratios by their quotients, {@code 3:4} and {@code 3/4}; two times of day are not the same because they are in proportion. */
    private Match ratios(Expr gold, Expr prediction) {
        if (!isRatio(gold) || !isRatio(prediction)) {
            boolean first = isRatio(gold);
            Expr other = first ? prediction : gold;
            Expr quotient = isMany(other) ? null : quotient((Expr.Group) (first ? gold : prediction));
            if (quotient == null) {
                return Match.DIFFERENT;
            }
            return first ? items.compare(quotient, prediction) : items.compare(gold, quotient);
        }
        List<Expr> g = ((Expr.Group) gold).items();
        List<Expr> p = ((Expr.Group) prediction).items();
        Match match = Match.inOrder(g, p, items);
        if (match == Match.SAME || g.size() != p.size() || isFixed(g) || isFixed(p)) {
            return match;
        }
        Match proportion = Match.SAME;
        for (int i = 1; i < g.size() && proportion != Match.DIFFERENT; i++) {
            proportion = proportion.and(items.compare(
                    new Expr.Quotient(g.getFirst(), g.get(i)), new Expr.Quotient(p.getFirst(), p.get(i))));
        }
        boolean clocks = isClock(gold) && isClock(prediction);
        return clocks && proportion == Match.SAME ? Match.UNKNOWN : proportion;
    }

    private static @Nullable Expr quotient(Expr.Group ratio) {
        return ratio.items().size() == 2 && !isFixed(ratio.items())
                ? new Expr.Quotient(ratio.items().getFirst(), ratio.items().getLast())
                : null;
    }

    /** With a zero, or "pm" behind the last item, these are no proportion. */
    private static boolean isFixed(List<Expr> items) {
        return items.stream()
                .anyMatch(item -> item instanceof Expr.Measure
                        || (item instanceof Expr.Number number && number.value().isZero()));
    }

    private static boolean isRatio(Expr expr) {
        return expr instanceof Expr.Group group && group.open() == Bracket.RATIO || isClock(expr);
    }

    private static boolean isClock(Expr expr) {
        return expr instanceof Expr.Group group && group.open() == Bracket.CLOCK;
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
                    Expr.Numeral _,
                    Expr.Measure _,
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

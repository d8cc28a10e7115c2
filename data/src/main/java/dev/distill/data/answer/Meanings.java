package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import dev.distill.data.answer.Expr.Function;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What custom leaves open in a formula: the base of {@code \log}, e or 10, and whether the signs of several ± go together, as in
 * {@code \pm\sqrt2 \pm\sqrt3}. Two answers are the same where they are so in each meaning.
 */
final class Meanings {
    /** More signs than this are no answer that a person writes. */
    private static final int MAX_SIGNS = 4;

    private Meanings() {}

    /** The meanings that a reference and a prediction can have; mostly one, which changes nothing. */
    static List<UnaryOperator<Expr>> of(Expr gold, Expr prediction) {
        List<UnaryOperator<Expr>> meanings = List.of(UnaryOperator.identity());
        if (Rewrite.contains(gold, Meanings::isLog) || Rewrite.contains(prediction, Meanings::isLog)) {
            meanings = List.of(expr -> log(expr, false), expr -> log(expr, true));
        }
        if (!isLoose(gold) && !isLoose(prediction)) {
            return meanings;
        }
        List<UnaryOperator<Expr>> all = new ArrayList<>(meanings);
        meanings.forEach(meaning -> all.add(expr -> apart(meaning.apply(expr))));
        return all;
    }

    private static boolean isLog(Expr expr) {
        return expr instanceof Expr.Call call && call.function() == Function.LOG;
    }

    private static Expr log(Expr expr, boolean ten) {
        Expr inner = Rewrite.parts(expr, part -> log(part, ten));
        if (!(inner instanceof Expr.Call call) || call.function() != Function.LOG) {
            return inner;
        }
        return ten
                ? Parser.call(Function.LOG_BASE, call.arguments().getFirst(), new Expr.Number(Rational.of(10), false))
                : new Expr.Call(Function.LN, call.arguments());
    }

    /** Whether one value has several ±, and no ∓ that would tie them together. */
    private static boolean isLoose(Expr expr) {
        if (holdsValues(expr)) {
            return Rewrite.children(expr).stream().anyMatch(Meanings::isLoose);
        }
        boolean tied = Rewrite.contains(
                expr, part -> part instanceof Expr.PlusMinus both && both.right() instanceof Expr.Negation);
        return !tied && signs(expr) > 1;
    }

    private static boolean holdsValues(Expr expr) {
        return expr instanceof Expr.Listing
                || expr instanceof Expr.Relation
                || (expr instanceof Expr.Group group && group.open() == Bracket.BRACE);
    }

    private static int signs(Expr expr) {
        int signs = expr instanceof Expr.PlusMinus ? 1 : 0;
        for (Expr part : Rewrite.children(expr)) {
            signs += signs(part);
        }
        return signs;
    }

    /** Each value with several ± as the list of all that it can be. */
    private static Expr apart(Expr expr) {
        if (holdsValues(expr)) {
            List<Expr> items = new ArrayList<>();
            for (Expr part : Rewrite.children(expr)) {
                Expr values = apart(part);
                boolean several = !(expr instanceof Expr.Relation) && values instanceof Expr.Listing;
                items.addAll(several ? ((Expr.Listing) values).items() : List.of(values));
            }
            if (expr instanceof Expr.Relation relation) {
                return new Expr.Relation(items, relation.operators());
            }
            return expr instanceof Expr.Group group
                    ? new Expr.Group(group.open(), group.close(), items)
                    : new Expr.Listing(items);
        }
        if (!isLoose(expr)) {
            return expr;
        }
        int signs = signs(expr);
        if (signs > MAX_SIGNS) {
            throw new Effort.TooMuch("more than " + MAX_SIGNS + " signs of plus or minus");
        }
        List<Expr> values = new ArrayList<>();
        for (int choice = 0; choice < 1 << signs; choice++) {
            values.add(chosen(expr, choice, new int[1]));
        }
        return new Expr.Listing(values);
    }

    /** The expression with the signs that the bits of this number choose. */
    private static Expr chosen(Expr expr, int choice, int[] next) {
        if (expr instanceof Expr.PlusMinus both) {
            Expr left = both.left() == null ? null : chosen(both.left(), choice, next);
            Expr right = chosen(both.right(), choice, next);
            Expr term = (choice >> next[0]++ & 1) == 0 ? right : Measures.negated(right);
            return left == null ? term : Measures.sum(List.of(left, term));
        }
        return Rewrite.parts(expr, part -> chosen(part, choice, next));
    }
}

package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compares whole answers: units and relations here, lists, brackets, sets and matrices in {@link CollectionComparer}, single
 * values in {@link ScalarComparer}.
 */
final class ExprComparer {
    private static final Expr EMPTY_SET = new Expr.Symbol("emptyset");

    private final ComparisonRules rules;
    private final Effort effort;
    private final ScalarComparer scalars;
    private final CollectionComparer collections;

    ExprComparer(ComparisonRules rules, Effort effort) {
        this.rules = rules;
        this.effort = effort;
        this.scalars = new ScalarComparer(rules, effort);
        this.collections = new CollectionComparer(rules, (g, p) -> one(g, p, true), (g, p) -> one(g, p, false));
    }

    Match compare(Expr gold, Expr prediction) {
        List<UnaryOperator<Expr>> meanings = Meanings.of(gold, prediction);
        Match match = one(meanings.getFirst().apply(gold), meanings.getFirst().apply(prediction), true);
        for (UnaryOperator<Expr> meaning : meanings.subList(1, meanings.size())) {
            match = match == one(meaning.apply(gold), meaning.apply(prediction), true) ? match : Match.UNKNOWN;
        }
        return match;
    }

    /**
     * Compares two answers, or two items of them.
     *
     * @param alone whether an equation is all that there is, and not one of several for different things
     */
    private Match one(Expr gold, Expr prediction, boolean alone) {
        Expr g = prepared(gold);
        Expr p = rules.sameNames() ? prepared(prediction) : Rewrite.renamed(prepared(prediction), g);
        return g instanceof Expr.Relation a && p instanceof Expr.Relation b && !g.equals(p)
                ? relations(a, b, alone)
                : same(g, p);
    }

    private Expr prepared(Expr expr) {
        effort.spend(10);
        Expr result = expr.equals(EMPTY_SET) ? new Expr.Group(Bracket.BRACE, Bracket.BRACE, List.of()) : expr;
        if (result instanceof Expr.Relation relation) {
            result = Relations.withoutApproximation(relation);
        }
        if (result instanceof Expr.Relation relation
                && relation.operators().size() == 1
                && relation.operators().getFirst() == Expr.Operator.IN) {
            result = relation.terms().getLast();
        }
        return Rewrite.multiplied(Rewrite.bothSigns(result));
    }

    private Match same(Expr gold, Expr prediction) {
        effort.spend(10);
        if (gold.equals(prediction)) {
            return Match.SAME;
        }
        if (gold instanceof Expr.Relation g) {
            return prediction instanceof Expr.Relation p ? relations(g, p, true) : relationAndValue(g, prediction);
        }
        if (prediction instanceof Expr.Relation p) {
            return valueAndRelation(gold, p);
        }
        if (gold instanceof Expr.Measure || prediction instanceof Expr.Measure) {
            return measures(gold, prediction);
        }
        if (gold instanceof Expr.Numeral || prediction instanceof Expr.Numeral) {
            return numerals(gold, prediction);
        }
        if (CollectionComparer.isMany(gold) || CollectionComparer.isMany(prediction)) {
            return collections.compare(gold, prediction);
        }
        if (gold instanceof Expr.Words || prediction instanceof Expr.Words) {
            return Match.DIFFERENT;
        }
        return scalars.compare(gold, prediction).or(unsaid(gold, prediction));
    }

    /** {@code 5 m} and 5: the letter may be a unit. */
    private Match unsaid(Expr gold, Expr prediction) {
        Expr.Measure g = Measures.ofLetters(gold);
        Expr.Measure p = Measures.ofLetters(prediction);
        boolean number = (g == null) != (p == null)
                && Rewrite.symbols(g == null ? gold : g.of()).isEmpty()
                && Rewrite.symbols(p == null ? prediction : p.of()).isEmpty()
                && scalars.compare(g == null ? gold : g.of(), p == null ? prediction : p.of()) == Match.SAME;
        return number ? Match.UNKNOWN : Match.DIFFERENT;
    }

    /** A unit on one side alone says nothing; two are converted, or are compared as words. */
    private Match measures(Expr gold, Expr prediction) {
        if (!(gold instanceof Expr.Measure g)) {
            Expr measure = Measures.ofLetters(gold);
            return measure != null ? same(measure, prediction) : same(gold, prepared(((Expr.Measure) prediction).of()));
        }
        if (!(prediction instanceof Expr.Measure p)) {
            Expr measure = Measures.ofLetters(prediction);
            return measure != null ? same(gold, measure) : same(prepared(g.of()), prediction);
        }
        Unit wanted = Units.poundsBeside(g.unit(), p.unit());
        Unit given = Units.poundsBeside(p.unit(), g.unit());
        Rational size = given.factor().times(wanted.factor().inverse());
        boolean alike = size.equals(Rational.ONE);
        Expr converted = alike ? p.of() : new Expr.Product(List.of(p.of(), new Expr.Number(size, false)));
        Match kind = wanted.kindOf(given);
        return kind.and(same(prepared(g.of()), kind == Match.SAME ? prepared(converted) : prepared(p.of())));
    }

    /** A base on one side alone says nothing about the digits; two numerals are numbers in their bases. */
    private Match numerals(Expr gold, Expr prediction) {
        if (!(gold instanceof Expr.Numeral g)) {
            return same(gold, ((Expr.Numeral) prediction).bare());
        }
        if (!(prediction instanceof Expr.Numeral p)) {
            return same(g.bare(), prediction);
        }
        return g.base() == p.base() ? same(g.bare(), p.bare()) : scalars.compare(g, p);
    }

    private Match relations(Expr.Relation gold, Expr.Relation prediction, boolean alone) {
        Expr g = Relations.assigned(gold);
        Expr p = Relations.assigned(prediction);
        if (g != null && p != null) {
            Expr wanted = Names.of(gold);
            Expr given = Names.of(prediction);
            Match names = Names.compare(wanted, given, alone);
            if (names != Match.DIFFERENT) {
                Expr value = withArgument(p, Names.argument(given), Names.argument(wanted));
                return value == null ? Match.DIFFERENT : names.and(same(prepared(g), prepared(value)));
            }
            boolean equations = wanted instanceof Expr.Symbol && given instanceof Expr.Symbol;
            return equations && gold.terms().size() == 2 && prediction.terms().size() == 2
                    ? multiples(gold, prediction)
                    : Match.DIFFERENT;
        }
        Match match = chains(gold, prediction).or(chains(gold, Relations.reversed(prediction)));
        boolean bound = Relations.isBound(gold) || Relations.isBound(prediction);
        if (match == Match.SAME
                || bound
                || gold.terms().size() != 2
                || prediction.terms().size() != 2) {
            return match;
        }
        return multiples(gold, prediction);
    }

    /** {@code f(t) = t^2} with the letter of {@code f(x)}; null where that letter stands for something else in it. */
    private static @Nullable Expr withArgument(Expr value, @Nullable String own, @Nullable String wanted) {
        if (own == null || wanted == null || own.equals(wanted)) {
            return value;
        }
        return Rewrite.symbols(value).contains(wanted) ? null : Rewrite.renamed(value, List.of(own), List.of(wanted));
    }

    private Match chains(Expr.Relation gold, Expr.Relation prediction) {
        return gold.operators().equals(prediction.operators())
                ? Match.inOrder(gold.terms(), prediction.terms(), this::sides)
                : Match.DIFFERENT;
    }

    private Match sides(Expr gold, Expr prediction) {
        boolean askedFor = gold.equals(Relations.ASKED_FOR) && Relations.isName(prediction)
                || prediction.equals(Relations.ASKED_FOR) && Relations.isName(gold);
        return askedFor ? Match.SAME : same(gold, prediction);
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
        return intervals(gold, prediction);
    }

    /** An inequality and a set: the interval that it says; nobody solves {@code 3x - 1 > 2} here. */
    private Match intervals(Expr.Relation relation, Expr other) {
        if (Relations.isEquation(relation)) {
            return Match.DIFFERENT;
        }
        if (!CollectionComparer.isMany(other)) {
            boolean end = Relations.isBound(relation) && same(relation.terms().getLast(), other) == Match.SAME;
            return end ? Match.UNKNOWN : Match.DIFFERENT;
        }
        Expr interval = Relations.interval(relation);
        return interval == null ? Match.UNKNOWN : same(interval, other);
    }

    /**
     * A reference that is a value accepts what an equation says that a name is, and the end of a chain of equal terms: {@code a + b =
     * 3 + 4 = 7}. That {@code 2x + 1 = 6} ends in 6 does not make it 6.
     */
    private Match valueAndRelation(Expr gold, Expr.Relation prediction) {
        if (Relations.isEquation(prediction)) {
            Expr value = Relations.assigned(prediction);
            if (value != null && Names.of(prediction) != null) {
                return same(gold, prepared(value));
            }
            Match end = same(gold, prepared(prediction.terms().getLast()))
                    .or(same(gold, prepared(prediction.terms().getFirst())));
            boolean many = CollectionComparer.isMany(gold) && !(gold instanceof Expr.Listing); // nothing to be solved
            return end == Match.SAME && !many && !isChain(prediction.terms()) ? Match.UNKNOWN : end;
        }
        if (!rules.inequalityForInterval() && CollectionComparer.isMany(gold)) {
            return Match.DIFFERENT;
        }
        return intervals(prediction, gold);
    }

    /** Whether terms are equal to one another; the first of three may be what the question asks for. */
    private boolean isChain(List<Expr> terms) {
        for (int i = terms.size() > 2 ? 1 : 0; i + 1 < terms.size(); i++) {
            if (same(prepared(terms.get(i)), prepared(terms.get(i + 1))) != Match.SAME) {
                return false;
            }
        }
        return true;
    }
}

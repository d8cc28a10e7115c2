package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import dev.distill.data.answer.Expr.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What relations say: names with a value, inequalities as intervals. */
final class Relations {
    /** The left side of "at least 5": whatever the question asks for. */
    static final Expr.Words ASKED_FOR = new Expr.Words("it");

    private static final Expr INFINITY = Expr.Constant.INFINITY;

    private Relations() {}

    /** Whether the relation is to what is asked for, as in "at least 5". */
    static boolean isBound(Expr.Relation relation) {
        return relation.terms().getFirst().equals(ASKED_FOR);
    }

    /** A relation without what is only about equal: {@code x = 1/3 \approx 0.33} says {@code x = 1/3}. */
    static Expr withoutApproximation(Expr.Relation relation) {
        int cut = relation.operators().indexOf(Operator.APPROXIMATELY);
        if (cut < 0) {
            return relation;
        }
        if (cut == 0) {
            boolean name = isName(relation.terms().getFirst());
            return name ? relation.terms().get(1) : relation.terms().getFirst();
        }
        return new Expr.Relation(
                relation.terms().subList(0, cut + 1), relation.operators().subList(0, cut));
    }

    static boolean isEquation(Expr.Relation relation) {
        return relation.operators().stream().allMatch(Operator.EQUAL::equals);
    }

    /** The value of {@code x = ... = value}, or of {@code value = x}; null where the left side is no name. */
    static @Nullable Expr assigned(Expr.Relation relation) {
        if (!isEquation(relation)) {
            return null;
        }
        Expr first = relation.terms().getFirst();
        Expr last = relation.terms().getLast();
        if (isName(first) || Rewrite.symbols(first).isEmpty()) {
            return isName(last) && !isName(first) ? first : last;
        }
        return isName(last) && relation.terms().size() == 2 ? first : null;
    }

    /** Whether this only names something: letters, f(2), f(-1), P(X > 2), |AB|, NO/BO, (p, q), words. */
    static boolean isName(Expr expr) {
        return switch (expr) {
            case Expr.Symbol symbol -> !symbol.name().equals("emptyset");
            case Expr.Words _ -> true;
            case Expr.Constant constant -> constant == Expr.Constant.E || constant == Expr.Constant.I;
            case Expr.Product product ->
                (isName(product.factors().getFirst())
                                || isInverse(product.factors().getFirst()))
                        && product.factors().subList(1, product.factors().size()).stream()
                                .allMatch(f -> isArgument(f) || isName(f));
            case Expr.Quotient quotient -> isName(quotient.above()) && isName(quotient.below());
            case Expr.Call call -> isNamed(call);
            case Expr.SetOperation sets -> sets.operands().stream().allMatch(Relations::isName);
            case Expr.Group group -> group.items().stream().allMatch(Relations::isName);
            case Expr.Degrees degrees -> isName(degrees.of());
            case Expr.Number _,
                    Expr.Numeral _,
                    Expr.Measure _,
                    Expr.Sum _,
                    Expr.Power _,
                    Expr.Negation _,
                    Expr.PlusMinus _,
                    Expr.Percent _,
                    Expr.Listing _,
                    Expr.Matrix _,
                    Expr.Relation _ -> false;
        };
    }

    /** An inverse function: {@code f^{-1}(x)}. */
    private static boolean isInverse(Expr expr) {
        return expr instanceof Expr.Power power
                && power.base() instanceof Expr.Symbol
                && power.exponent() instanceof Expr.Negation minus
                && minus.of() instanceof Expr.Number one
                && one.value().equals(Rational.ONE);
    }

    /** A function of an angle, or a length; {@code \sqrt{x} = 4} and {@code |x| = 3} are to be solved. */
    private static boolean isNamed(Expr.Call call) {
        boolean name = call.arguments().stream().allMatch(Relations::isName);
        return switch (call.function()) {
            case SIN, COS, TAN, COT, SEC, CSC -> name;
            case ABS -> name && !Names.isVariable(call.arguments().getFirst());
            case SQRT,
                    ROOT,
                    EXP,
                    LN,
                    LOG,
                    LOG_BASE,
                    ARCSIN,
                    ARCCOS,
                    ARCTAN,
                    SINH,
                    COSH,
                    TANH,
                    FLOOR,
                    CEIL,
                    FACTORIAL,
                    BINOMIAL -> false;
        };
    }

    /** What a function may be applied to and a letter is not multiplied by. */
    private static boolean isArgument(Expr expr) {
        return switch (expr) {
            case Expr.Number _, Expr.Relation _ -> true;
            case Expr.Negation negation -> isArgument(negation.of());
            case Expr.Quotient quotient -> isArgument(quotient.above()) && isArgument(quotient.below());
            case Expr.Symbol _,
                    Expr.Words _,
                    Expr.Constant _,
                    Expr.Product _,
                    Expr.Call _,
                    Expr.Group _,
                    Expr.Degrees _,
                    Expr.Numeral _,
                    Expr.Measure _,
                    Expr.Sum _,
                    Expr.Power _,
                    Expr.PlusMinus _,
                    Expr.Percent _,
                    Expr.Listing _,
                    Expr.SetOperation _,
                    Expr.Matrix _ -> false;
        };
    }

    /** The same chain read from right to left. */
    static Expr.Relation reversed(Expr.Relation relation) {
        List<Operator> operators = new ArrayList<>();
        relation.operators().reversed().forEach(operator -> operators.add(operator.flipped()));
        return new Expr.Relation(relation.terms().reversed(), operators);
    }

    /** {@code a < x <= b} as (a, b], {@code x > a} as (a, infinity); null for everything else. */
    static @Nullable Expr interval(Expr.Relation relation) {
        Expr.Relation rising = isBelow(relation.operators().getFirst().flipped()) ? reversed(relation) : relation;
        if (!rising.operators().stream().allMatch(Relations::isBelow)) {
            return null;
        }
        List<Expr> terms = rising.terms();
        Bracket open = bracket(rising.operators().getFirst());
        Bracket close = bracket(rising.operators().getLast());
        if (terms.size() == 3 && isUnknown(terms.get(1))) {
            return new Expr.Group(open, close, List.of(terms.get(0), terms.get(2)));
        }
        if (terms.size() != 2 || isUnknown(terms.getFirst()) == isUnknown(terms.getLast())) {
            return null;
        }
        return isUnknown(terms.getFirst())
                ? new Expr.Group(Bracket.ROUND, close, List.of(new Expr.Negation(INFINITY), terms.get(1)))
                : new Expr.Group(open, Bracket.ROUND, List.of(terms.get(0), INFINITY));
    }

    /** {@code x < 1 or x > 2} as a union of intervals; null where an item is no interval or the letters differ. */
    static Expr.@Nullable SetOperation union(Expr.Listing listing) {
        List<Expr> intervals = new ArrayList<>();
        Set<String> letters = new HashSet<>();
        for (Expr item : listing.items()) {
            Expr interval = item instanceof Expr.Relation relation ? interval(relation) : null;
            if (interval == null) {
                return null;
            }
            intervals.add(interval);
            letters.addAll(Rewrite.symbols(item));
            letters.removeAll(Rewrite.symbols(interval));
        }
        return listing.either() && letters.size() == 1 ? new Expr.SetOperation("cup", intervals) : null;
    }

    /** A name that is no constant. */
    private static boolean isUnknown(Expr expr) {
        return isName(expr) && !(expr instanceof Expr.Constant);
    }

    private static boolean isBelow(Operator operator) {
        return operator == Operator.LESS || operator == Operator.LESS_OR_EQUAL;
    }

    private static Bracket bracket(Operator operator) {
        return operator == Operator.LESS ? Bracket.ROUND : Bracket.SQUARE;
    }
}

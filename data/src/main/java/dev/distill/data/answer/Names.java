package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Function;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether two equations name the same thing: {@code f(1)} and {@code f(2)} do not, {@code AB} and {@code BA} do. */
final class Names {
    /** Letters that stand for any argument, so that {@code f(x)} and {@code f(t)} are one function. */
    private static final String VARIABLES = "nmkjtuvwxyzs";

    private static final String FUNCTIONS = "fghpqrFGHPQRSTVW";

    /** Letters whose values with an index are the roots of one equation, in any order. */
    private static final Set<String> ROOTS = Set.of("x", "z", "lambda");

    private Names() {}

    /** What an equation gives a value to, for example {@code f(x)} of {@code f(x) = 3}; null where it names nothing. */
    static @Nullable Expr of(Expr.Relation relation) {
        Expr first = relation.terms().getFirst();
        Expr last = relation.terms().getLast();
        return Relations.isName(first) ? first : Relations.isName(last) ? last : null;
    }

    /**
     * Compares two names. One that is missing is any name.
     *
     * @param alone whether each is the whole answer, not an item of a list that may name something else too
     */
    static Match compare(@Nullable Expr gold, @Nullable Expr prediction, boolean alone) {
        if (gold == null || prediction == null) {
            return Match.SAME;
        }
        Expr g = canonical(gold);
        Expr p = canonical(prediction);
        if (g.equals(p)) {
            return Match.SAME;
        }
        if (g instanceof Expr.Words || p instanceof Expr.Words) {
            return alone && !(g instanceof Expr.Words && p instanceof Expr.Words) ? Match.SAME : Match.UNKNOWN;
        }
        if (g instanceof Expr.Quotient a && p instanceof Expr.Quotient b) {
            return compare(a.above(), b.above(), false).and(compare(a.below(), b.below(), false));
        }
        if (g instanceof Expr.Call a && p instanceof Expr.Call b) {
            return a.function() == b.function()
                    ? Match.inOrder(a.arguments(), b.arguments(), Names::parts)
                    : Match.DIFFERENT;
        }
        if (g instanceof Expr.Group a && p instanceof Expr.Group b) {
            return new HashSet<>(a.items()).equals(new HashSet<>(b.items())) ? Match.UNKNOWN : Match.DIFFERENT;
        }
        return applied(letters(g), letters(p), alone);
    }

    private static Match parts(Expr gold, Expr prediction) {
        return compare(gold, prediction, false);
    }

    /** Names that are letters: {@code f}, {@code f(x)}, {@code f'(x)}, {@code AB}; null for all others. */
    private static @Nullable List<Expr> letters(Expr name) {
        return name instanceof Expr.Symbol ? List.of(name) : name instanceof Expr.Product p ? p.factors() : null;
    }

    private static Match applied(@Nullable List<Expr> gold, @Nullable List<Expr> prediction, boolean alone) {
        if (gold == null || prediction == null) {
            return Match.UNKNOWN;
        }
        if (!gold.getFirst().equals(prediction.getFirst())) {
            return Match.DIFFERENT;
        }
        boolean function = gold.getFirst() instanceof Expr.Symbol head && FUNCTIONS.contains(head.name());
        if (gold.size() == 1 || prediction.size() == 1) {
            List<Expr> longer = gold.size() == 1 ? prediction : gold;
            return function && longer.size() == 2 && isVariable(longer.get(1)) ? Match.SAME : Match.UNKNOWN;
        }
        boolean variables = function
                && gold.size() == 2
                && prediction.size() == 2
                && isVariable(gold.get(1))
                && isVariable(prediction.get(1));
        return alone && variables ? Match.SAME : Match.DIFFERENT;
    }

    static boolean isVariable(Expr expr) {
        return expr instanceof Expr.Symbol symbol && VARIABLES.contains(symbol.name());
    }

    /** The letter that stands for any argument of this name, as {@code x} in {@code f(x)}; null where there is none. */
    static @Nullable String argument(@Nullable Expr name) {
        return name instanceof Expr.Product product
                        && product.factors().size() == 2
                        && product.factors().get(1) instanceof Expr.Symbol symbol
                        && isVariable(symbol)
                ? symbol.name()
                : null;
    }

    /** One form for what is written in several: lengths without bars, angles without their sign, points in one order. */
    private static Expr canonical(Expr name) {
        if (name instanceof Expr.Degrees degrees) {
            return canonical(degrees.of());
        }
        if (name instanceof Expr.Call call
                && call.function() == Function.ABS
                && call.arguments().getFirst() instanceof Expr.Product length
                && arePoints(length.factors())) {
            return canonical(length);
        }
        if (!(name instanceof Expr.Product product)) {
            return name;
        }
        List<Expr> letters = new ArrayList<>(product.factors());
        boolean measure =
                letters.size() > 2 && letters.getFirst().equals(new Expr.Symbol("m")) && isAngle(letters.get(1));
        letters.subList(0, measure ? 2 : isAngle(letters.getFirst()) ? 1 : 0).clear();
        boolean turned = arePoints(letters)
                && (letters.size() == 2
                        || letters.size() == 3 && product.factors().size() > 3);
        if (turned && letters.getFirst().toString().compareTo(letters.getLast().toString()) > 0) {
            letters = letters.reversed();
        }
        return letters.size() == 1 ? letters.getFirst() : new Expr.Product(letters);
    }

    private static boolean arePoints(List<Expr> letters) {
        return letters.stream()
                .allMatch(letter -> letter instanceof Expr.Symbol s
                        && Character.isUpperCase(s.name().charAt(0)));
    }

    private static boolean isAngle(Expr expr) {
        return expr.equals(new Expr.Symbol("angle")) || expr.equals(new Expr.Words("angle"));
    }

    /** Whether the items of a list are equations for different things, so that their values have an order. */
    static boolean tellApart(List<Expr> items) {
        Set<Expr> names = new HashSet<>();
        Set<String> roots = new HashSet<>();
        for (Expr item : items) {
            Expr name = item instanceof Expr.Relation relation && Relations.assigned(relation) != null
                    ? of(relation)
                    : null;
            if (name == null) {
                return false;
            }
            names.add(name);
            String letter = name instanceof Expr.Symbol symbol ? symbol.name() : "";
            roots.add(letter.contains("_") ? letter.substring(0, letter.indexOf('_')) : "");
        }
        return names.size() > 1 && !(roots.size() == 1 && ROOTS.containsAll(roots));
    }
}

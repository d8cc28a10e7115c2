package dev.distill.data.answer;

import dev.distill.data.answer.Token.Kind;
import java.util.List;
import java.util.Set;

/** What a bar over more than one letter means. Over one letter the lexer has made another letter of it. */
final class Bars {
    private Bars() {}

    /** A bar over more than a letter: a segment's is left away, a complex number under it is its conjugate. */
    static Expr over(Expr of, List<Token> tokens) throws Unreadable {
        if (of instanceof Expr.Symbol symbol) {
            return new Expr.Symbol(under(symbol.name()));
        }
        boolean points = of instanceof Expr.Product product
                && product.factors().stream()
                        .allMatch(f -> f instanceof Expr.Symbol p
                                && Character.isUpperCase(p.name().charAt(0)));
        if (points && !isAboutEvents(tokens)) {
            return of;
        }
        Set<String> letters = Rewrite.symbols(of);
        boolean complex = !letters.isEmpty() || Rewrite.contains(of, Expr.Constant.I::equals);
        if (points || !complex || !letters.stream().allMatch(letter -> letter.matches("(?:bar )?[zw](?:_.*)?"))) {
            throw new Unreadable("a bar over more than a letter, a segment or a complex number");
        }
        return conjugate(of);
    }

    private static String under(String name) {
        return name.startsWith("bar ") ? name.substring(4) : "bar " + name;
    }

    private static Expr conjugate(Expr expr) {
        if (expr instanceof Expr.Symbol symbol) {
            return new Expr.Symbol(under(symbol.name()));
        }
        return expr == Expr.Constant.I ? new Expr.Negation(expr) : Rewrite.parts(expr, Bars::conjugate);
    }

    /** Where a probability, a set or the complement of one stands, a bar means the opposite. */
    private static boolean isAboutEvents(List<Token> tokens) {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean probability =
                    token.is(Kind.LETTER, "P") && tokens.get(i + 1).is(Kind.OPEN, "(");
            boolean complement = token.kind() == Kind.LETTER
                    && token.text().startsWith("bar ")
                    && Character.isUpperCase(token.text().charAt(4));
            if (probability || complement || token.kind() == Kind.SET_OPERATOR) {
                return true;
            }
        }
        return false;
    }
}

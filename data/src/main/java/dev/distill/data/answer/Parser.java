package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import dev.distill.data.answer.Expr.Function;
import dev.distill.data.answer.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads an answer by recursive descent: lists, relations, operations on sets, ratios and sums here, factors in {@link
 * FactorParser}. Depth and steps are counted.
 */
class Parser {
    final List<Token> tokens;
    final Effort effort;
    int at;
    private int depth;

    Parser(List<Token> tokens, Effort effort) {
        this.tokens = tokens;
        this.effort = effort;
    }

    static Expr parse(String text, Lexer.Comma comma, Effort effort) throws Unreadable {
        Parser parser = new FactorParser(Lexer.tokens(text, comma), effort);
        Expr expr = parser.listing(token -> false);
        if (parser.peek().kind() != Kind.END) {
            throw new Unreadable("\"" + parser.peek().text() + "\" where the answer should have ended");
        }
        return expr;
    }

    final Token peek() {
        return tokens.get(at);
    }

    final Token next() {
        effort.spend(1);
        Token token = tokens.get(at);
        at += token.kind() == Kind.END ? 0 : 1;
        return token;
    }

    final boolean take(Kind kind, String text) {
        boolean taken = peek().is(kind, text);
        at += taken ? 1 : 0;
        return taken;
    }

    /** Notes that the grammar goes one level deeper; each call is paired with one of {@link #leave}. */
    final void enter() {
        if (++depth > Effort.MAX_DEPTH) {
            throw new Effort.TooMuch("nesting deeper than " + Effort.MAX_DEPTH);
        }
    }

    final void leave() {
        depth--;
    }

    /** Items up to the token that closes them; one item alone is returned as it is. */
    final Expr listing(Predicate<Token> closes) throws Unreadable {
        List<Expr> items = items(closes);
        if (items.isEmpty()) {
            throw new Unreadable("nothing to read");
        }
        return items.size() == 1 ? items.getFirst() : new Expr.Listing(items);
    }

    final List<Expr> items(Predicate<Token> closes) throws Unreadable {
        List<Expr> items = new ArrayList<>();
        while (peek().kind() != Kind.END && !closes.test(peek())) {
            if (peek().kind() == Kind.SEPARATOR) {
                next();
            } else {
                items.add(relation());
                Kind kind = peek().kind();
                if (kind != Kind.END && kind != Kind.SEPARATOR && !closes.test(peek())) {
                    throw new Unreadable("\"" + peek().text() + "\" after a complete expression");
                }
            }
        }
        return items;
    }

    private Expr relation() throws Unreadable {
        List<Expr> terms = new ArrayList<>(List.of(setOperation()));
        List<Expr.Operator> operators = new ArrayList<>();
        while (peek().kind() == Kind.RELATION) {
            operators.add(Expr.Operator.valueOf(next().text()));
            terms.add(setOperation());
        }
        return operators.isEmpty() ? terms.getFirst() : new Expr.Relation(terms, operators);
    }

    private Expr setOperation() throws Unreadable {
        Expr left = ratio();
        while (peek().kind() == Kind.SET_OPERATOR) {
            String operator = next().text();
            left = joined(operator, left, ratio());
        }
        return left;
    }

    private static Expr joined(String operator, Expr left, Expr right) {
        if (left instanceof Expr.SetOperation more
                && more.operator().equals(operator)
                && !operator.equals("setminus")) {
            List<Expr> operands = new ArrayList<>(more.operands());
            operands.add(right);
            return new Expr.SetOperation(operator, operands);
        }
        return new Expr.SetOperation(operator, List.of(left, right));
    }

    private Expr ratio() throws Unreadable {
        List<Expr> items = new ArrayList<>(List.of(sum()));
        while (take(Kind.OPERATOR, ":")) {
            items.add(sum());
        }
        return items.size() == 1 ? items.getFirst() : new Expr.Group(Bracket.RATIO, Bracket.RATIO, items);
    }

    final Expr sum() throws Unreadable {
        Expr result = firstTerm();
        List<Expr> terms = new ArrayList<>(List.of(result));
        while (peek().kind() == Kind.OPERATOR && "+-±".contains(peek().text())) {
            String sign = next().text();
            Expr term = product();
            if (sign.equals("±")) {
                terms = new ArrayList<>(List.of(new Expr.PlusMinus(sumOf(terms), term)));
            } else {
                terms.add(sign.equals("-") ? new Expr.Negation(term) : term);
            }
        }
        return sumOf(terms);
    }

    private Expr firstTerm() throws Unreadable {
        if (take(Kind.OPERATOR, "-")) {
            return new Expr.Negation(product());
        }
        if (take(Kind.OPERATOR, "±")) {
            return new Expr.PlusMinus(null, product());
        }
        take(Kind.OPERATOR, "+");
        return product();
    }

    private static Expr sumOf(List<Expr> terms) {
        return terms.size() == 1 ? terms.getFirst() : new Expr.Sum(List.copyOf(terms));
    }

    Expr product() throws Unreadable {
        throw new UnsupportedOperationException("FactorParser reads products");
    }

    static Expr.Number number(String digits) {
        return new Expr.Number(Rational.of(new BigDecimal(digits)), digits.contains("."));
    }

    static Expr call(Function function, Expr... arguments) {
        return new Expr.Call(function, List.of(arguments));
    }
}

package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import dev.distill.data.answer.Expr.Function;
import dev.distill.data.answer.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads an answer by recursive descent: lists, relations, operations on sets, ratios and sums here, factors in {@link
 * FactorParser}. Depth and steps are counted.
 */
abstract class Parser {
    /** Operators one behind the other nest too ({@code 1/2/3}); what walks over the tree calls itself so often. */
    private static final int MAX_HEIGHT = 4 * Effort.MAX_DEPTH;

    final List<Token> tokens;
    final Effort effort;
    int at;
    private int depth;

    Parser(List<Token> tokens, Effort effort) {
        this.tokens = tokens;
        this.effort = effort;
    }

    static Expr parse(String text, Digits.Comma comma, Effort effort) throws Unreadable {
        Parser parser = new ValueParser(Lexer.tokens(text, comma), effort);
        Expr expr = parser.listing(token -> false);
        if (parser.peek().kind() != Kind.END) {
            throw new Unreadable("\"" + parser.peek().text() + "\" where the answer should have ended");
        }
        if (text.length() > MAX_HEIGHT && Rewrite.height(expr, MAX_HEIGHT) > MAX_HEIGHT) {
            throw new Effort.TooMuch("nesting deeper than " + MAX_HEIGHT);
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
        Set<String> separators = new HashSet<>();
        List<Expr> items = items(closes, separators);
        if (items.isEmpty()) {
            throw new Unreadable("nothing to read");
        }
        return items.size() == 1 ? items.getFirst() : new Expr.Listing(items, separators.equals(Set.of("or")));
    }

    final List<Expr> items(Predicate<Token> closes, Set<String> separators) throws Unreadable {
        List<Expr> items = new ArrayList<>();
        while (peek().kind() != Kind.END && !closes.test(peek())) {
            if (peek().kind() == Kind.SEPARATOR) {
                separators.add(next().text());
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
        int start = at;
        List<Expr> items = new ArrayList<>(List.of(sum()));
        while (take(Kind.OPERATOR, ":")) {
            items.add(sum());
        }
        Bracket bracket = items.size() == 2 && isClock(start) ? Bracket.CLOCK : Bracket.RATIO;
        return items.size() == 1 ? items.getFirst() : new Expr.Group(bracket, bracket, items);
    }

    /** An hour up to 24 and two digits of minutes. */
    private boolean isClock(int start) {
        Token hour = tokens.get(start);
        Token minute = tokens.get(Math.min(start + 2, tokens.size() - 1));
        return hour.kind() == Kind.NUMBER
                && hour.text().matches("[01]?\\d|2[0-4]")
                && minute.kind() == Kind.NUMBER
                && minute.text().matches("[0-5]\\d");
    }

    final Expr sum() throws Unreadable {
        Expr result = firstTerm();
        List<Expr> terms = new ArrayList<>(List.of(result));
        while (peek().kind() == Kind.OPERATOR && "+-±∓".contains(peek().text())) {
            String sign = next().text();
            Expr term = product();
            if (sign.equals("±") || sign.equals("∓")) {
                Expr upper = sign.equals("±") ? term : new Expr.Negation(term);
                terms = new ArrayList<>(List.of(new Expr.PlusMinus(Measures.sum(terms), upper)));
            } else {
                terms.add(sign.equals("-") ? Measures.negated(term) : term);
            }
        }
        return Measures.sum(terms);
    }

    private Expr firstTerm() throws Unreadable {
        if (take(Kind.OPERATOR, "-")) {
            return Measures.negated(product());
        }
        if (take(Kind.OPERATOR, "±")) {
            return new Expr.PlusMinus(null, product());
        }
        if (take(Kind.OPERATOR, "∓")) {
            return new Expr.PlusMinus(null, new Expr.Negation(product()));
        }
        take(Kind.OPERATOR, "+");
        return product();
    }

    /** Factors; {@link FactorParser} reads them. */
    abstract Expr product() throws Unreadable;

    static Expr call(Function function, Expr... arguments) {
        return new Expr.Call(function, List.of(arguments));
    }
}

package dev.distill.data.answer;

import dev.distill.data.answer.Expr.Bracket;
import dev.distill.data.answer.Expr.Function;
import dev.distill.data.answer.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;

/** The lowest part of the grammar: numbers, letters, brackets, functions and matrices. */
final class ValueParser extends FactorParser {
    ValueParser(List<Token> tokens, Effort effort) {
        super(tokens, effort);
    }

    @Override
    Expr value(Token token) throws Unreadable {
        return switch (token.kind()) {
            case NUMBER -> take(Kind.OPERATOR, "_") ? numeral(token.text()) : Digits.value(token.text());
            case LETTER -> symbol(token.text());
            case BRACE_OPEN -> closed(listing(t -> t.kind() == Kind.BRACE_CLOSE), Kind.BRACE_CLOSE);
            case OPEN -> group(token);
            case BAR -> absolute();
            case COMMAND -> command(token.text());
            case WORDS -> words(token.text());
            case CURRENCY -> Measures.in(primary(), Objects.requireNonNull(Units.find(token.text())));
            case OPERATOR, RELATION, SET_OPERATOR, SEPARATOR, CLOSE, BRACE_CLOSE, CELL, ROW, END ->
                throw new Unreadable("\"" + token.text() + "\" where a value should stand");
        };
    }

    /** Digits before an index; one that is no number says nothing about them. */
    private Expr numeral(String digits) throws Unreadable {
        Expr index = primary();
        Integer base = index instanceof Expr.Number number ? number.value().intValue() : null;
        return base == null || base < 2 || base > 36 || digits.indexOf('(') >= 0
                ? Digits.value(digits)
                : new Expr.Numeral(digits, base);
    }

    private Expr words(String first) {
        StringBuilder words = new StringBuilder(first);
        while (peek().kind() == Kind.WORDS) {
            words.append(' ').append(next().text());
        }
        return new Expr.Words(words.toString().toLowerCase(Locale.ROOT));
    }

    private Expr symbol(String name) throws Unreadable {
        if (take(Kind.OPERATOR, "_")) {
            return new Expr.Symbol(name + "_" + index());
        }
        return switch (name) {
            case "e" -> Expr.Constant.E;
            case "i" -> Expr.Constant.I;
            default -> new Expr.Symbol(name);
        };
    }

    private String index() throws Unreadable {
        if (peek().kind() != Kind.BRACE_OPEN) {
            return next().text();
        }
        StringBuilder name = new StringBuilder();
        next();
        while (peek().kind() != Kind.BRACE_CLOSE) {
            if (peek().kind() == Kind.END) {
                throw new Unreadable("an index without its closing brace");
            }
            name.append(next().text());
        }
        next();
        return name.toString();
    }

    private Expr closed(Expr inner, Kind close) throws Unreadable {
        if (next().kind() != close) {
            throw new Unreadable("a bracket that is not closed");
        }
        return inner;
    }

    private Expr group(Token open) throws Unreadable {
        Predicate<Token> closing = t -> t.kind() == Kind.CLOSE;
        List<Expr> items = items(closing, new HashSet<>());
        Token close = next();
        if (close.kind() != Kind.CLOSE) {
            throw new Unreadable("a bracket that is not closed");
        }
        Bracket left = bracket(open.text());
        if (items.size() == 1 && left != Bracket.BRACE) {
            return items.getFirst();
        }
        return new Expr.Group(left, bracket(close.text()), items);
    }

    private static Bracket bracket(String sign) {
        return switch (sign) {
            case "(", ")" -> Bracket.ROUND;
            case "[", "]" -> Bracket.SQUARE;
            default -> Bracket.BRACE;
        };
    }

    private Expr absolute() throws Unreadable {
        bars++;
        Expr inner = sum();
        bars--;
        if (next().kind() != Kind.BAR) {
            throw new Unreadable("a bar that is not closed");
        }
        if (inner instanceof Expr.Matrix matrix) {
            return Rewrite.determinant(matrix.rows());
        }
        return call(Function.ABS, inner);
    }

    private Expr command(String name) throws Unreadable {
        return switch (name) {
            case "frac" -> Measures.quotient(argument(), argument());
            case "binom" -> call(Function.BINOMIAL, argument(), argument());
            case "sqrt" -> root();
            case "bar" -> Bars.over(argument(), tokens);
            case "pi" -> Expr.Constant.PI;
            case "infty" -> Expr.Constant.INFINITY;
            case "lfloor" -> rounded(Function.FLOOR, "rfloor");
            case "lceil" -> rounded(Function.CEIL, "rceil");
            case "begin" -> matrix();
            case "end", "rfloor", "rceil", "circ", "percent" ->
                throw new Unreadable("\\" + name + " without its start");
            default -> function(name);
        };
    }

    private Expr rounded(Function function, String close) throws Unreadable {
        Expr inner = sum();
        if (!take(Kind.COMMAND, close)) {
            throw new Unreadable("\\" + close + " is missing");
        }
        return call(function, inner);
    }

    /** One argument: what stands in braces, or one digit, letter or command: {@code \frac12} is 1/2. */
    private Expr argument() throws Unreadable {
        Token token = peek();
        if (token.kind() == Kind.NUMBER
                && token.text().length() > 1
                && token.text().charAt(0) != '.') {
            tokens.set(at, new Token(Kind.NUMBER, token.text().substring(1)));
            return Digits.value(token.text().substring(0, 1));
        }
        return primary();
    }

    private Expr root() throws Unreadable {
        if (peek().is(Kind.OPEN, "[")) {
            next();
            Expr degree = closed(sum(), Kind.CLOSE);
            return call(Function.ROOT, argument(), degree);
        }
        boolean digits = peek().kind() == Kind.NUMBER;
        return call(Function.SQRT, digits ? primary() : argument());
    }

    private Expr function(String name) throws Unreadable {
        Function function = Function.valueOf(name.toUpperCase(Locale.ROOT));
        Expr base = take(Kind.OPERATOR, "_") ? argument() : null;
        Expr power = take(Kind.OPERATOR, "^") ? signedExponent() : null;
        Expr argument = bareArgument();
        boolean inverse = power instanceof Expr.Negation minus
                && minus.of() instanceof Expr.Number one
                && one.value().equals(Rational.ONE);
        if (inverse && (name.equals("sin") || name.equals("cos") || name.equals("tan"))) {
            return call(Function.valueOf("ARC" + function.name()), argument);
        }
        Expr value = base != null ? call(Function.LOG_BASE, argument, base) : call(function, argument);
        return power != null ? new Expr.Power(value, power) : value;
    }

    private Expr signedExponent() throws Unreadable {
        return take(Kind.OPERATOR, "-") ? new Expr.Negation(primary()) : primary();
    }

    /** The argument of a function: a bracket, or factors side by side as in {@code \sin 2x}. */
    private Expr bareArgument() throws Unreadable {
        boolean bracket = peek().kind() == Kind.OPEN || peek().kind() == Kind.BRACE_OPEN || peek().kind() == Kind.BAR;
        if (bracket) {
            return primary();
        }
        Expr argument = take(Kind.OPERATOR, "-") ? new Expr.Negation(factor()) : factor();
        while (peek().kind() == Kind.NUMBER || peek().kind() == Kind.LETTER || peek().is(Kind.COMMAND, "pi")) {
            argument = Measures.product(argument, factor());
        }
        return argument;
    }

    private Expr matrix() throws Unreadable {
        String environment = next().text();
        if ((!environment.endsWith("matrix") && !environment.equals("array")) || environment.equals("Vmatrix")) {
            throw new Unreadable("the environment " + environment);
        }
        if (environment.equals("array") && peek().kind() == Kind.BRACE_OPEN) {
            while (next().kind() != Kind.BRACE_CLOSE) {
                effort.spend(1);
                if (peek().kind() == Kind.END) {
                    throw new Unreadable("an array without its end");
                }
            }
        }
        List<List<Expr>> rows = new ArrayList<>();
        List<Expr> row = new ArrayList<>();
        while (!take(Kind.COMMAND, "end")) {
            row.add(sum());
            if (take(Kind.CELL, "&")) {
                continue;
            }
            rows.add(row);
            row = new ArrayList<>();
            if (!take(Kind.ROW, "\\\\") && !peek().is(Kind.COMMAND, "end")) {
                throw new Unreadable("a matrix without its end");
            }
        }
        next();
        if (rows.isEmpty()) {
            throw new Unreadable("a matrix without entries");
        }
        return environment.equals("vmatrix") ? Rewrite.determinant(rows) : new Expr.Matrix(rows);
    }
}

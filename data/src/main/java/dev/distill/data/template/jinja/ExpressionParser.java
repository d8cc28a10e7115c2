package dev.distill.data.template.jinja;

import dev.distill.data.template.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens to {@link Expr}, one method for each level of precedence, the loosest first. */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    /** Words that go on after a test's name and are no argument of it: {@code x is defined and y}. */
    private static final Set<String> NOT_AN_ARGUMENT =
            Set.of("else", "or", "and", "is", "if", "in", "not", "recursive");

    private final Tokens tokens;

    ExpressionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** An expression, or several with commas, which make a tuple. */
    Expr expressionOrTuple() {
        return tupleOf(expression(), true);
    }

    /** What a loop runs over: no inline {@code if}, which would be the loop's filter. */
    Expr loopItems() {
        return tupleOf(or(), false);
    }

    private Expr tupleOf(Expr first, boolean conditional) {
        if (!tokens.atOperator(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            items.add(conditional ? expression() : or());
        }
        return new Expr.Items(items, true, first.at());
    }

    private boolean endsTuple() {
        return tokens.at(Kind.BLOCK_END) || tokens.at(Kind.VARIABLE_END) || tokens.atOperator(")");
    }

    Expr expression() {
        tokens.enter();
        Expr result = or();
        while (tokens.atName("if")) {
            int at = tokens.next().at();
            Expr test = or();
            Expr otherwise = tokens.skipName("else") ? expression() : null;
            result = new Expr.Conditional(test, result, otherwise, at);
        }
        tokens.leave();
        return result;
    }

    private Expr or() {
        Expr left = and();
        while (tokens.atName("or")) {
            int at = tokens.next().at();
            left = new Expr.Or(left, and(), at);
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (tokens.atName("and")) {
            int at = tokens.next().at();
            left = new Expr.And(left, not(), at);
        }
        return left;
    }

    private Expr not() {
        if (!tokens.atName("not")) {
            return compare();
        }
        tokens.enter();
        int at = tokens.next().at();
        Expr result = new Expr.Not(not(), at);
        tokens.leave();
        return result;
    }

    private Expr compare() {
        Expr first = sum();
        List<Expr.Link> links = new ArrayList<>();
        int at = tokens.peek().at();
        while (true) {
            if (tokens.at(Kind.OPERATOR) && COMPARISONS.contains(tokens.peek().text())) {
                links.add(new Expr.Link(tokens.next().text(), sum()));
            } else if (tokens.skipName("in")) {
                links.add(new Expr.Link("in", sum()));
            } else if (tokens.atName("not") && tokens.peekNext().is(Kind.NAME, "in")) {
                tokens.next();
                tokens.next();
                links.add(new Expr.Link("not in", sum()));
            } else {
                return links.isEmpty() ? first : new Expr.Compare(first, links, at);
            }
        }
    }

    private Expr sum() {
        Expr left = concat();
        while (tokens.atOperator("+") || tokens.atOperator("-")) {
            Token operator = tokens.next();
            left = new Expr.Binary(operator.text(), left, concat(), operator.at());
        }
        return left;
    }

    private Expr concat() {
        Expr first = product();
        if (!tokens.atOperator("~")) {
            return first;
        }
        int at = tokens.peek().at();
        List<Expr> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return new Expr.Concat(parts, at);
    }

    private Expr product() {
        Expr left = power();
        while (tokens.atOperator("*") || tokens.atOperator("/") || tokens.atOperator("//") || tokens.atOperator("%")) {
            Token operator = tokens.next();
            left = new Expr.Binary(operator.text(), left, power(), operator.at());
        }
        return left;
    }

    private Expr power() {
        Expr left = unary(true);
        while (tokens.atOperator("**")) {
            int at = tokens.next().at();
            left = new Expr.Binary("**", left, unary(true), at);
        }
        return left;
    }

    /** A sign binds tighter than a filter: {@code -x|abs} is {@code (-x)|abs}. */
    private Expr unary(boolean filters) {
        Expr result;
        if (tokens.atOperator("-") || tokens.atOperator("+")) {
            tokens.enter();
            Token sign = tokens.next();
            result = new Expr.Unary(sign.text(), unary(false), sign.at());
            tokens.leave();
        } else {
            result = primary();
        }
        result = postfix(result);
        return filters ? filtersAndTests(result) : result;
    }

    private Expr primary() {
        Token token = tokens.peek();
        switch (token.kind()) {
            case NAME -> {
                tokens.next();
                return name(token);
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.at(Kind.STRING)) {
                    text.append(tokens.next().text());
                }
                return new Expr.Literal(new Value.Text(text.toString()), token.at());
            }
            case INT, FLOAT -> {
                tokens.next();
                return new Expr.Literal(number(token), token.at());
            }
            case OPERATOR -> {
                return bracketed(token);
            }
            case DATA, BLOCK_BEGIN, BLOCK_END, VARIABLE_BEGIN, VARIABLE_END, END ->
                throw tokens.unexpected("an expression");
        }
        throw tokens.unexpected("an expression");
    }

    private static Expr name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expr.Literal(Value.Bool.TRUE, token.at());
            case "false", "False" -> new Expr.Literal(Value.Bool.FALSE, token.at());
            case "none", "None" -> new Expr.Literal(Value.None.NONE, token.at());
            default -> new Expr.Name(token.text(), token.at());
        };
    }

    private Value number(Token token) {
        try {
            return token.kind() == Kind.INT
                    ? new Value.Int(Long.parseLong(token.text()))
                    : new Value.Real(Double.parseDouble(token.text()));
        } catch (NumberFormatException e) {
            throw tokens.error("the number " + token.text() + " does not fit into 64 bits", token.at());
        }
    }

    private Expr bracketed(Token token) {
        tokens.enter();
        Expr result;
        if (tokens.skipOperator("(")) {
            if (tokens.atOperator(")")) {
                result = new Expr.Items(List.of(), true, token.at());
            } else {
                result = expressionOrTuple();
            }
            tokens.expectOperator(")");
        } else if (tokens.skipOperator("[")) {
            result = new Expr.Items(list("]"), false, token.at());
        } else if (tokens.skipOperator("{")) {
            result = dict(token.at());
        } else {
            throw tokens.unexpected("an expression");
        }
        tokens.leave();
        return result;
    }

    private List<Expr> list(String close) {
        List<Expr> items = new ArrayList<>();
        while (!tokens.skipOperator(close)) {
            items.add(expression());
            if (!tokens.atOperator(close)) {
                tokens.expectOperator(",");
            }
        }
        return items;
    }

    private Expr dict(int at) {
        List<Expr.Entry> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            Expr key = expression();
            tokens.expectOperator(":");
            entries.add(new Expr.Entry(key, expression()));
            if (!tokens.atOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expr.DictOf(entries, at);
    }

    private Expr postfix(Expr object) {
        Expr result = object;
        while (true) {
            int at = tokens.peek().at();
            if (tokens.skipOperator(".")) {
                Token name = tokens.next();
                result = switch (name.kind()) {
                    case NAME -> new Expr.Attribute(result, name.text(), name.at());
                    case INT -> new Expr.Index(result, new Expr.Literal(number(name), name.at()), name.at());
                    default -> throw tokens.error("expected a name after \".\", got " + name.describe(), name.at());
                };
            } else if (tokens.skipOperator("[")) {
                result = subscript(result, at);
            } else if (tokens.atOperator("(")) {
                result = new Expr.Call(result, arguments(), at);
            } else {
                return result;
            }
        }
    }

    private Expr subscript(Expr object, int at) {
        Expr start = tokens.atOperator(":") ? null : expression();
        if (tokens.skipOperator("]")) {
            if (start == null) {
                throw tokens.unexpected("an index");
            }
            return new Expr.Index(object, start, at);
        }
        tokens.expectOperator(":");
        Expr stop = bound();
        Expr step = tokens.skipOperator(":") ? bound() : null;
        tokens.expectOperator("]");
        return new Expr.Slice(object, start, stop, step, at);
    }

    private @Nullable Expr bound() {
        return tokens.atOperator(":") || tokens.atOperator("]") ? null : expression();
    }

    Expr.Arguments arguments() {
        tokens.expectOperator("(");
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        Expr spread = null;
        while (!tokens.skipOperator(")")) {
            Token token = tokens.peek();
            if (tokens.atOperator("**")) {
                throw tokens.error("\"**\" in a call is not supported", token.at());
            }
            if (spread == null && tokens.skipOperator("*")) {
                spread = expression();
            } else if (token.kind() == Kind.NAME && tokens.peekNext().is(Kind.OPERATOR, "=")) {
                tokens.next();
                tokens.next();
                named.put(token.text(), expression());
            } else if (named.isEmpty() && spread == null) {
                positional.add(expression());
            } else {
                throw tokens.error("a plain argument follows one with a name or a star", token.at());
            }
            if (!tokens.atOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Expr.Arguments(positional, named, spread);
    }

    private Expr filtersAndTests(Expr value) {
        Expr result = value;
        while (true) {
            int at = tokens.peek().at();
            if (tokens.atOperator("|")) {
                for (Expr.Filter filter : filters()) {
                    result = new Expr.Filtered(result, filter, filter.at());
                }
            } else if (tokens.skipName("is")) {
                result = test(result, at);
            } else if (tokens.atOperator("(")) {
                result = new Expr.Call(result, arguments(), at);
            } else {
                return result;
            }
        }
    }

    /** {@code | name(arguments) | name ...}. */
    List<Expr.Filter> filters() {
        List<Expr.Filter> filters = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            Token name = tokens.expect(Kind.NAME, "a filter's name");
            Expr.Arguments arguments = tokens.atOperator("(") ? arguments() : Expr.Arguments.NONE;
            filters.add(new Expr.Filter(name.text(), arguments, name.at()));
        }
        return filters;
    }

    private Expr test(Expr value, int at) {
        boolean negated = tokens.skipName("not");
        Token name = tokens.expect(Kind.NAME, "a test's name");
        Expr.Arguments arguments = Expr.Arguments.NONE;
        if (tokens.atOperator("(")) {
            arguments = arguments();
        } else if (beginsArgument()) {
            arguments = new Expr.Arguments(List.of(postfix(primary())), Map.of(), null);
        }
        return new Expr.Tested(value, name.text(), arguments, negated, at);
    }

    private boolean beginsArgument() {
        return switch (tokens.peek().kind()) {
            case STRING, INT, FLOAT -> true;
            case NAME -> !NOT_AN_ARGUMENT.contains(tokens.peek().text());
            case OPERATOR -> tokens.atOperator("[") || tokens.atOperator("{");
            case DATA, BLOCK_BEGIN, BLOCK_END, VARIABLE_BEGIN, VARIABLE_END, END -> false;
        };
    }
}

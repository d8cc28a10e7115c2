package dev.distill.data.template.jinja;

import dev.distill.data.template.jinja.Node.Target;
import dev.distill.data.template.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens to {@link Node}. */
final class TemplateParser {
    private static final Set<String> NOT_SUPPORTED =
            Set.of("extends", "block", "include", "import", "from", "autoescape", "do", "trans");

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private int loops;

    private TemplateParser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** @param source normalised, see {@link Lexer#normalise} */
    static List<Node> parse(String source) {
        TemplateParser parser = new TemplateParser(new Tokens(source));
        List<Node> nodes = parser.nodes(Set.of());
        if (!parser.tokens.at(Kind.END)) {
            throw parser.tokens.unexpected("a statement that begins something");
        }
        return nodes;
    }

    /** Up to a block that begins with one of these words, which is left at its word, or up to the end. */
    private List<Node> nodes(Set<String> ends) {
        tokens.enter();
        List<Node> nodes = new ArrayList<>();
        while (!tokens.at(Kind.END)) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> nodes.add(new Node.Data(token.text()));
                case VARIABLE_BEGIN -> {
                    nodes.add(new Node.Output(expressions.expressionOrTuple()));
                    tokens.expect(Kind.VARIABLE_END, "}}");
                }
                case BLOCK_BEGIN -> {
                    if (tokens.at(Kind.NAME) && ends.contains(tokens.peek().text())) {
                        tokens.leave();
                        return nodes;
                    }
                    nodes.add(statement());
                }
                case BLOCK_END, VARIABLE_END, NAME, STRING, INT, FLOAT, OPERATOR, END ->
                    throw tokens.error("unexpected " + token.describe(), token.at());
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.unexpected("one of " + ends.stream().sorted().toList());
        }
        tokens.leave();
        return nodes;
    }

    /** The body of a block that ends with this word, and the end itself. */
    private List<Node> body(String end) {
        endOfTag();
        List<Node> body = nodes(Set.of(end));
        tokens.expectName(end);
        if (tokens.at(Kind.NAME)) {
            tokens.next();
        }
        endOfTag();
        return body;
    }

    private void endOfTag() {
        tokens.expect(Kind.BLOCK_END, "%}");
    }

    private Node statement() {
        Token word = tokens.expect(Kind.NAME, "a statement");
        return switch (word.text()) {
            case "if" -> ifElse();
            case "for" -> loop();
            case "set" -> set();
            case "macro" -> macro();
            case "call" -> callBlock();
            case "filter" -> filterBlock();
            case "with" -> with();
            case "generation" -> new Node.Generation(body("endgeneration"));
            case "break", "continue" -> jump(word);
            default -> throw unknown(word);
        };
    }

    private TemplateException unknown(Token word) {
        return tokens.error(
                NOT_SUPPORTED.contains(word.text())
                        ? "{% " + word.text() + " %} is not supported in chat templates"
                        : "there is no statement \"" + word.text() + "\" here",
                word.at());
    }

    private Node ifElse() {
        List<Node.Branch> branches = new ArrayList<>();
        List<Node> otherwise = List.of();
        Set<String> ends = Set.of("elif", "else", "endif");
        do {
            Expr test = expressions.expressionOrTuple();
            endOfTag();
            branches.add(new Node.Branch(test, nodes(ends)));
        } while (tokens.skipName("elif"));
        if (tokens.skipName("else")) {
            endOfTag();
            otherwise = nodes(Set.of("endif"));
        }
        tokens.expectName("endif");
        endOfTag();
        return new Node.If(branches, otherwise);
    }

    private Node loop() {
        Target target = target(false);
        tokens.expectName("in");
        Expr items = expressions.loopItems();
        Expr filter = tokens.skipName("if") ? expressions.expression() : null;
        if (tokens.atName("recursive")) {
            throw tokens.error(
                    "recursive loops are not supported", tokens.peek().at());
        }
        endOfTag();
        loops++;
        List<Node> body = nodes(Set.of("else", "endfor"));
        loops--;
        List<Node> otherwise = List.of();
        if (tokens.skipName("else")) {
            endOfTag();
            otherwise = nodes(Set.of("endfor"));
        }
        tokens.expectName("endfor");
        endOfTag();
        return new Node.For(target, items, filter, body, otherwise);
    }

    private Node jump(Token word) {
        if (loops == 0) {
            throw tokens.error("{% " + word.text() + " %} stands outside of a loop", word.at());
        }
        endOfTag();
        return word.text().equals("break") ? new Node.Break() : new Node.Continue();
    }

    private Node set() {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            Expr value = expressions.expressionOrTuple();
            endOfTag();
            return new Node.Set(target, value);
        }
        List<Expr.Filter> filters = expressions.filters();
        return new Node.SetBlock(target, filters, body("endset"));
    }

    private Target target(boolean attributes) {
        Target first = oneTarget(attributes);
        if (!tokens.atOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && ((tokens.at(Kind.NAME) && !tokens.atName("in")) || tokens.atOperator("("))) {
            targets.add(oneTarget(attributes));
        }
        return new Target.Unpack(targets, first.at());
    }

    private Target oneTarget(boolean attributes) {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inner = target(attributes);
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        Token name = tokens.expect(Kind.NAME, "a name");
        if (attributes && tokens.skipOperator(".")) {
            Token attribute = tokens.expect(Kind.NAME, "an attribute's name");
            return new Target.Attribute(name.text(), attribute.text(), name.at());
        }
        return new Target.Name(name.text(), name.at());
    }

    private Node macro() {
        Token name = tokens.expect(Kind.NAME, "the macro's name");
        List<Node.Parameter> parameters = parameters();
        return new Node.Macro(name.text(), parameters, separateBody("endmacro"), name.at());
    }

    private Node callBlock() {
        List<Node.Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
        int at = tokens.peek().at();
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw tokens.error("{% call %} needs a call", at);
        }
        return new Node.CallBlock(call, parameters, separateBody("endcall"));
    }

    /** A body that runs elsewhere: a loop around it is none of its own. */
    private List<Node> separateBody(String end) {
        int outer = loops;
        loops = 0;
        List<Node> body = body(end);
        loops = outer;
        return body;
    }

    private List<Node.Parameter> parameters() {
        tokens.expectOperator("(");
        List<Node.Parameter> parameters = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            Token name = tokens.expect(Kind.NAME, "a parameter's name");
            @Nullable Expr otherwise = tokens.skipOperator("=") ? expressions.expression() : null;
            parameters.add(new Node.Parameter(name.text(), otherwise));
            if (!tokens.atOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return parameters;
    }

    private Node filterBlock() {
        Token name = tokens.expect(Kind.NAME, "a filter's name");
        Expr.Arguments arguments = tokens.atOperator("(") ? expressions.arguments() : Expr.Arguments.NONE;
        List<Expr.Filter> filters = new ArrayList<>(List.of(new Expr.Filter(name.text(), arguments, name.at())));
        filters.addAll(expressions.filters());
        return new Node.FilterBlock(filters, body("endfilter"));
    }

    private Node with() {
        List<Node.Set> variables = new ArrayList<>();
        while (!tokens.at(Kind.BLOCK_END)) {
            Target target = oneTarget(false);
            tokens.expectOperator("=");
            variables.add(new Node.Set(target, expressions.expression()));
            if (!tokens.at(Kind.BLOCK_END)) {
                tokens.expectOperator(",");
            }
        }
        return new Node.With(variables, body("endwith"));
    }
}

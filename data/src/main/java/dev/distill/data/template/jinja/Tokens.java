package dev.distill.data.template.jinja;

import dev.distill.data.template.jinja.Token.Kind;
import java.util.List;

/** The tokens with a place in them, shared by the two parsers. Bounds how deeply they recurse. */
final class Tokens {
    private static final int DEEPEST = 150;

    private final String source;
    private final List<Token> tokens;
    private int position;
    private int depth;

    /** @param source normalised, see {@link Lexer#normalise} */
    Tokens(String source) {
        this.source = source;
        this.tokens = Lexer.tokens(source);
    }

    Token peek() {
        return tokens.get(position);
    }

    Token peekNext() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(position);
        if (position < tokens.size() - 1) {
            position++;
        }
        return token;
    }

    boolean at(Kind kind) {
        return peek().kind() == kind;
    }

    boolean atOperator(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean atName(String name) {
        return peek().is(Kind.NAME, name);
    }

    boolean skipOperator(String operator) {
        boolean found = atOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = atName(name);
        if (found) {
            next();
        }
        return found;
    }

    Token expect(Kind kind, String what) {
        if (!at(kind)) {
            throw unexpected(what);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("\"" + operator + "\"");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("\"" + name + "\"");
        }
    }

    TemplateException unexpected(String wanted) {
        return error("expected " + wanted + ", got " + peek().describe(), peek().at());
    }

    TemplateException error(String problem, int offset) {
        return new TemplateException(problem).at(source, offset);
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw error("nested deeper than " + DEEPEST, peek().at());
        }
    }

    void leave() {
        depth--;
    }
}

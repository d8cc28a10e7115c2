package dev.distill.data.query;

import static dev.distill.data.query.ConditionTokens.told;
import static dev.distill.data.query.ConditionTokens.wrong;

import dev.distill.data.query.ConditionTokens.Token;
import dev.distill.data.query.Term.Kind;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads what a condition compares: columns, texts, numbers and functions of texts, joined by {@code + - ||}, or by {@code * / %}, which bind
 * more. For one thread.
 */
final class OperandParser {
    private static final int DEEPEST = 100;

    private static final Set<String> RESERVED =
            Set.of("and", "or", "not", "like", "ilike", "in", "between", "is", "null", "true", "false");

    private final ConditionTokens tokens;
    private final Supplier<Term> bracketed;
    private int depth;

    /** @param bracketed reads what may stand in brackets */
    OperandParser(ConditionTokens tokens, Supplier<Term> bracketed) {
        this.tokens = tokens;
        this.bracketed = bracketed;
    }

    /** A term of this kind. */
    static Term must(Kind kind, Token first, Term term) {
        if (term.kind() != kind) {
            String cure = kind == Kind.NUMBER && term.kind() == Kind.TEXT
                    ? "; number(...) makes one of a text"
                    : kind == Kind.TRUTH ? "; compare it with something" : "";
            throw wrong(
                    first.at(),
                    "must be a " + kind.word() + ", " + told(first) + " is a "
                            + term.kind().word() + cure);
        }
        return term;
    }

    Term sum() {
        Token first = tokens.peek();
        Term term = product();
        while (true) {
            Token sign = tokens.peek();
            if (tokens.takes("||")) {
                Token second = tokens.peek();
                term = must(Kind.TEXT, first, term).joined(must(Kind.TEXT, second, product()));
            } else if (tokens.takes("+") || tokens.takes("-")) {
                Token second = tokens.peek();
                term = must(Kind.NUMBER, first, term).computed(sign.text(), must(Kind.NUMBER, second, product()));
            } else {
                return term;
            }
        }
    }

    private Term product() {
        Token first = tokens.peek();
        Term term = single();
        while (true) {
            Token sign = tokens.peek();
            if (!tokens.takes("*") && !tokens.takes("/") && !tokens.takes("%")) {
                return term;
            }
            Token second = tokens.peek();
            term = must(Kind.NUMBER, first, term).computed(sign.text(), must(Kind.NUMBER, second, single()));
        }
    }

    private Term single() {
        Token token = tokens.take();
        return switch (token.kind()) {
            case TEXT -> Term.always(Kind.TEXT, token.text());
            case NUMBER -> Term.always(Kind.NUMBER, new BigDecimal(token.text()));
            case SIGN -> signed(token);
            case NAME -> column(token, token.text());
            case WORD -> word(token, token.text().toLowerCase(Locale.ROOT));
            case END -> throw wrong(token.at(), "expected a column, a text or a number, got the end");
        };
    }

    private Term signed(Token sign) {
        if (sign.text().equals("-")) {
            return must(Kind.NUMBER, tokens.peek(), deeper(sign, this::single)).negative();
        }
        if (!sign.text().equals("(")) {
            throw wrong(sign.at(), "expected a column, a text or a number, got " + sign.text());
        }
        Term inner = deeper(sign, bracketed);
        tokens.expect(")");
        return inner;
    }

    private Term word(Token token, String word) {
        if (word.equals("true") || word.equals("false")) {
            return Term.always(Kind.TRUTH, word.equals("true"));
        }
        if (RESERVED.contains(word)) {
            throw wrong(token.at(), "expected a column, a text or a number, got " + token.text());
        }
        if (!tokens.takes("(")) {
            return column(token, word);
        }
        Function<Term, Term> function = TraceNames.FUNCTIONS.get(word);
        if (function == null) {
            throw wrong(
                    token.at(),
                    "there is no function " + token.text() + "; there are "
                            + String.join(", ", new TreeSet<>(TraceNames.FUNCTIONS.keySet())));
        }
        Token argument = tokens.peek();
        Term term = must(Kind.TEXT, argument, deeper(argument, this::sum));
        tokens.expect(")");
        return function.apply(term);
    }

    private Term column(Token token, String name) {
        String field = null;
        if (tokens.takes(".")) {
            Token second = tokens.take();
            if (second.kind() != ConditionTokens.Kind.WORD && second.kind() != ConditionTokens.Kind.NAME) {
                throw wrong(second.at(), "expected a name behind " + name + "., got " + told(second));
            }
            field = second.text();
        }
        Term column = TraceNames.find(name, field);
        if (column == null) {
            throw wrong(
                    token.at(),
                    "there is no column " + name + (field == null ? "" : "." + field) + "; there are "
                            + TraceNames.all());
        }
        return column;
    }

    /** What is read within something else. */
    Term deeper(Token at, Supplier<Term> inner) {
        if (++depth > DEEPEST) {
            throw wrong(at.at(), "a condition is at most " + DEEPEST + " deep");
        }
        try {
            return inner.get();
        } finally {
            depth--;
        }
    }
}

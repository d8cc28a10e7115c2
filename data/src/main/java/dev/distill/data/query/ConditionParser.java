package dev.distill.data.query;

import static dev.distill.data.query.ConditionTokens.told;
import static dev.distill.data.query.ConditionTokens.wrong;
import static dev.distill.data.query.OperandParser.must;

import dev.distill.data.query.ConditionTokens.Token;
import dev.distill.data.query.Term.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a condition: {@code OR}, {@code AND}, {@code NOT}, comparisons ({@code = <> != < <= > >=}, {@code [NOT] LIKE}, {@code ILIKE},
 * {@code IN}, {@code BETWEEN}, {@code IS [NOT] NULL}), from what binds least to what binds most, and then what {@link OperandParser} reads.
 * What is compared must be of one kind. For one thread.
 */
final class ConditionParser {
    private static final Map<String, IntPredicate> COMPARISONS = Map.of(
            "=", sign -> sign == 0,
            "<>", sign -> sign != 0,
            "!=", sign -> sign != 0,
            "<", sign -> sign < 0,
            "<=", sign -> sign <= 0,
            ">", sign -> sign > 0,
            ">=", sign -> sign >= 0);

    private final ConditionTokens tokens;
    private final OperandParser operands;

    ConditionParser(String condition) {
        this.tokens = new ConditionTokens(condition);
        this.operands = new OperandParser(tokens, this::or);
    }

    Term condition() {
        Token first = tokens.peek();
        Term term = must(Kind.TRUTH, first, or());
        Token left = tokens.peek();
        if (left.kind() != ConditionTokens.Kind.END) {
            throw wrong(left.at(), "expected AND, OR or the end, got " + told(left));
        }
        return term;
    }

    private Term or() {
        Token first = tokens.peek();
        List<Term> terms = new ArrayList<>(List.of(and()));
        while (tokens.takes("or")) {
            terms.add(must(Kind.TRUTH, tokens.peek(), and()));
        }
        return terms.size() == 1 ? terms.getFirst() : Term.anyOf(truths(first, terms));
    }

    private Term and() {
        Token first = tokens.peek();
        List<Term> terms = new ArrayList<>(List.of(not()));
        while (tokens.takes("and")) {
            terms.add(must(Kind.TRUTH, tokens.peek(), not()));
        }
        return terms.size() == 1 ? terms.getFirst() : Term.allOf(truths(first, terms));
    }

    private static List<Term> truths(Token first, List<Term> terms) {
        must(Kind.TRUTH, first, terms.getFirst());
        return terms;
    }

    private Term not() {
        if (!tokens.takes("not")) {
            return predicate();
        }
        Token first = tokens.peek();
        return must(Kind.TRUTH, first, operands.deeper(first, this::not)).not();
    }

    private Term predicate() {
        Token first = tokens.peek();
        Term term = operands.sum();
        Token next = tokens.peek();
        IntPredicate comparison = COMPARISONS.get(next.text());
        if (comparison != null && next.kind() == ConditionTokens.Kind.SIGN) {
            tokens.take();
            return term.compared(alike(term), comparison);
        }
        if (tokens.takes("is")) {
            boolean negated = tokens.takes("not");
            tokens.expect("NULL");
            return negated ? term.isNull().not() : term.isNull();
        }
        boolean negated = tokens.takes("not");
        Term test = test(term, first);
        if (test == null && negated) {
            throw wrong(tokens.peek().at(), "expected LIKE, ILIKE, IN or BETWEEN, got " + told(tokens.peek()));
        }
        return test == null ? term : negated ? test.not() : test;
    }

    private @Nullable Term test(Term term, Token first) {
        if (tokens.takes("like")) {
            return must(Kind.TEXT, first, term).matching(Wildcards.of(pattern()));
        }
        if (tokens.takes("ilike")) {
            Wildcards pattern = Wildcards.of(pattern().toLowerCase(Locale.ROOT));
            return must(Kind.TEXT, first, term).matching(text -> pattern.test(text.toLowerCase(Locale.ROOT)));
        }
        if (tokens.takes("between")) {
            Term least = alike(term);
            tokens.expect("AND");
            Term most = alike(term);
            return Term.allOf(List.of(term.compared(least, sign -> sign >= 0), term.compared(most, sign -> sign <= 0)));
        }
        if (tokens.takes("in")) {
            List<Term> equal = new ArrayList<>();
            tokens.expect("(");
            do {
                equal.add(term.compared(alike(term), sign -> sign == 0));
            } while (tokens.takes(","));
            tokens.expect(")");
            return Term.anyOf(equal);
        }
        return null;
    }

    private String pattern() {
        Token token = tokens.take();
        if (token.kind() != ConditionTokens.Kind.TEXT) {
            throw wrong(token.at(), "LIKE needs a text between single quotes, as '%\\boxed%'; got " + told(token));
        }
        return token.text();
    }

    /** What is compared with this one. */
    private Term alike(Term term) {
        Token first = tokens.peek();
        if (tokens.takes("null")) {
            throw wrong(first.at(), "nothing equals NULL; write IS NULL or IS NOT NULL");
        }
        return must(term.kind(), first, operands.sum());
    }
}

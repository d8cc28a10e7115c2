package dev.distill.teacher.embedded.problem;

/** Reads {@code (47+85)*3-29} by recursive descent. */
final class ExpressionReader {
    private static final int MOST_DIGITS = 9;
    private static final int DEEPEST = 20;

    private final String text;
    private int at;
    private int depth;

    ExpressionReader(String text) {
        this.text = text;
    }

    Expression read() {
        Expression expression = sum();
        if (at < text.length()) {
            throw unexpected();
        }
        return expression;
    }

    private Expression sum() {
        Expression left = product();
        while (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            Operator operator = text.charAt(at++) == '+' ? Operator.ADD : Operator.SUBTRACT;
            left = new Expression.Operation(left, operator, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = factor();
        while (at < text.length() && (text.charAt(at) == '*' || text.charAt(at) == '/')) {
            Operator operator = text.charAt(at++) == '*' ? Operator.MULTIPLY : Operator.DIVIDE;
            left = new Expression.Operation(left, operator, factor());
        }
        return left;
    }

    private Expression factor() {
        if (at < text.length() && text.charAt(at) == '(') {
            at++;
            if (++depth > DEEPEST) {
                throw unexpected();
            }
            Expression inner = sum();
            if (at >= text.length() || text.charAt(at) != ')') {
                throw unexpected();
            }
            at++;
            depth--;
            return inner;
        }
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start || at - start > MOST_DIGITS) {
            throw unexpected();
        }
        return new Expression.Number(Long.parseLong(text.substring(start, at)));
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("expression \"" + text + "\": need a number of at most " + MOST_DIGITS
                + " digits, a bracket or one of + - * / at character " + (at + 1));
    }
}

package dev.distill.teacher.embedded.problem;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second, independent way to evaluate expressions (Dijkstra's shunting-yard, on doubles), so that the tests do not check the
 * solver with itself.
 */
final class Arithmetic {
    private static final Pattern TOKEN = Pattern.compile("\\d+|[-+*/()]");

    private Arithmetic() {}

    static double value(String expression) {
        Deque<Double> values = new ArrayDeque<>();
        Deque<String> operators = new ArrayDeque<>();
        Matcher tokens = TOKEN.matcher(expression);
        int read = 0;
        while (tokens.find()) {
            String token = tokens.group();
            read += token.length();
            if (Character.isDigit(token.charAt(0))) {
                values.push(Double.valueOf(token));
            } else if (token.equals("(")) {
                operators.push(token);
            } else if (token.equals(")")) {
                while (!operators.element().equals("(")) {
                    apply(values, operators.pop());
                }
                operators.pop();
            } else {
                while (!operators.isEmpty() && rank(operators.element()) >= rank(token)) {
                    apply(values, operators.pop());
                }
                operators.push(token);
            }
        }
        if (read != expression.length()) {
            throw new IllegalArgumentException("not an expression: " + expression);
        }
        while (!operators.isEmpty()) {
            apply(values, operators.pop());
        }
        return values.pop();
    }

    private static int rank(String operator) {
        return switch (operator) {
            case "*", "/" -> 2;
            case "+", "-" -> 1;
            default -> 0;
        };
    }

    private static void apply(Deque<Double> values, String operator) {
        double right = values.pop();
        double left = values.pop();
        values.push(
                switch (operator) {
                    case "+" -> left + right;
                    case "-" -> left - right;
                    case "*" -> left * right;
                    default -> left / right;
                });
    }
}

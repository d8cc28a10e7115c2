package dev.distill.teacher.embedded.problem;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arithmetic with brackets. */
final class ArithmeticForms {
    private static final Pattern ANY =
            Pattern.compile("(?:Compute|Evaluate|Calculate|What is) ([-0-9+*/()]{1,200})[.?]");

    static final List<Form> FORMS = List.of(
            form("({a}+{b})-{d}"),
            form("({a}-{b})*{c}"),
            form("({a}+{b})/{c}"),
            form("{a}*{c}-{d}"),
            form("{a}*{c}+{d}"),
            form("({a}-{b})+{d}"),
            form("({a}-{b})*{c}-{d}").onlyForHard(),
            form("({a}-{b})*{c}+{d}").onlyForHard(),
            form("({a}*{c}-{d})/{k}").onlyForHard(),
            form("({a}*{c}+{d})/{k}").onlyForHard());

    private ArithmeticForms() {}

    private static Form form(String expression) {
        List<String> wordings = List.of(
                "Compute " + expression + ".",
                "Evaluate " + expression + ".",
                "Calculate " + expression + ".",
                "What is " + expression + "?");
        return Form.of(wordings, expression);
    }

    /** Any other expression in the same words. */
    static Optional<Problem> readAny(String question) {
        Matcher matcher = ANY.matcher(question);
        return matcher.matches()
                ? Optional.of(new Problem(Family.ARITHMETIC, question, matcher.group(1), null))
                : Optional.empty();
    }
}

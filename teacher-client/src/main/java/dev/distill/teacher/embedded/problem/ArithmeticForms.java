package dev.distill.teacher.embedded.problem;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arithmetic with brackets. */
final class ArithmeticForms {
    private static final Range TENS = new Range.Between(10, 99);
    private static final Range FACTOR = new Range.Factor();
    private static final Range TWO_DIGITS = new Range.Fixed(10, 99);
    private static final Map<String, Range> USUAL = Map.of("a", TENS, "b", TENS, "c", FACTOR, "d", TENS);
    private static final Map<String, Range> LARGE_D =
            Map.of("a", TENS, "b", TENS, "c", FACTOR, "d", new Range.Between(100, 999));
    private static final Pattern ANY =
            Pattern.compile("(?:Compute|Evaluate|Calculate|Find the value of|What is) ([-0-9+*/()]{1,200})[.?]");

    static final List<Form> FORMS = List.of(
            form("({a}+{b})*{c}-{d}", USUAL),
            form("({a}-{b})*{c}+{d}", USUAL).least(0, 2),
            form("({a}+{b})*{c}+{d}", USUAL),
            form("{d}+({a}-{b})*{c}", USUAL).least(0, 2),
            form("{d}-({a}-{b})*{c}", LARGE_D).least(0, 2).least(2, 1),
            form("({a}+{b})*({e}-{d})", Map.of("a", TENS, "b", TENS, "c", FACTOR, "d", new Range.Between(10, 90)))
                    .deriving("e", "{d}+{c}"),
            form(
                            "(({a}+{b})*{c}-{d})*{e}",
                            Map.of("a", TWO_DIGITS, "b", TWO_DIGITS, "c", FACTOR, "d", TWO_DIGITS, "e", FACTOR))
                    .onlyForHard(),
            form(
                            "({a}+{b})*{c}-({d}-{e})*{f}",
                            Map.of(
                                    "a",
                                    TWO_DIGITS,
                                    "b",
                                    TWO_DIGITS,
                                    "c",
                                    FACTOR,
                                    "d",
                                    TWO_DIGITS,
                                    "e",
                                    TWO_DIGITS,
                                    "f",
                                    FACTOR))
                    .least(2, 2)
                    .onlyForHard());

    private ArithmeticForms() {}

    private static Form form(String expression, Map<String, Range> ranges) {
        List<String> wordings = List.of(
                "Compute " + expression + ".",
                "What is " + expression + "?",
                "Evaluate " + expression + ".",
                "Find the value of " + expression + ".",
                "Calculate " + expression + ".");
        return Form.of(wordings, expression, ranges);
    }

    /** Any other expression in the same words. */
    static Optional<Problem> readAny(String question) {
        Matcher matcher = ANY.matcher(question);
        return matcher.matches()
                ? Optional.of(new Problem(Family.ARITHMETIC, question, null, Expression.read(matcher.group(1)), null))
                : Optional.empty();
    }
}

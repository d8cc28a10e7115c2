package dev.distill.teacher.embedded.problem;

import dev.distill.teacher.embedded.problem.Form.Range;
import java.util.List;
import java.util.Map;

/** Linear equations in one unknown, whose solution is a whole number. */
final class EquationForms {
    private static final Range TENS = new Range(10, 99);
    private static final Range DIGIT = new Range(2, 9);
    private static final Range SOLUTION = new Range(2, 99);
    private static final Map<String, Range> ONE_SIDE = Map.of("a", DIGIT, "b", TENS, "x", SOLUTION);
    private static final Map<String, Range> BOTH_SIDES = Map.of("a", DIGIT, "b", TENS, "d", DIGIT, "x", SOLUTION);
    private static final Map<String, Range> FOUR = Map.of("a", DIGIT, "b", TENS, "d", TENS, "x", SOLUTION);

    static final List<Form> FORMS = List.of(
            form("{a}{v}+{b}={c}", "({c}-{b})/{a}", ONE_SIDE)
                    .deriving("c", "{a}*{x}+{b}")
                    .checkedBy("{a}*{x}+{b}=~={c}"),
            form("{a}{v}-{b}={c}", "({c}+{b})/{a}", ONE_SIDE)
                    .deriving("c", "{a}*{x}-{b}")
                    .checkedBy("{a}*{x}-{b}=~={c}"),
            form("{a}({v}+{b})={c}", "{c}/{a}-{b}", ONE_SIDE)
                    .deriving("c", "{a}*({x}+{b})")
                    .checkedBy("{a}*({x}+{b})=~={c}"),
            form("{a}({v}-{b})={c}", "{c}/{a}+{b}", ONE_SIDE)
                    .deriving("c", "{a}*({x}-{b})")
                    .checkedBy("{a}*({x}-{b})=~={c}"),
            form("{a}{v}+{b}={d}{v}+{e}", "({e}-{b})/({a}-{d})", BOTH_SIDES)
                    .deriving("k", "{a}-{d}")
                    .deriving("e", "{k}*{x}+{b}")
                    .least(1, 2)
                    .checkedBy("{k}*{x}={e}-{b}=~"),
            form("{a}{v}-{b}={d}{v}+{e}", "({e}+{b})/({a}-{d})", BOTH_SIDES)
                    .deriving("k", "{a}-{d}")
                    .deriving("e", "{k}*{x}-{b}")
                    .least(1, 2)
                    .checkedBy("{k}*{x}={e}+{b}=~"),
            form("{a}({v}+{b})+{d}={c}", "({c}-{d})/{a}-{b}", FOUR)
                    .deriving("c", "{a}*({x}+{b})+{d}")
                    .checkedBy("{a}*({x}+{b})+{d}=~={c}")
                    .onlyForHard(),
            form("{a}({v}-{b})-{d}={c}", "({c}+{d})/{a}+{b}", FOUR)
                    .deriving("c", "{a}*({x}-{b})-{d}")
                    .checkedBy("{a}*({x}-{b})-{d}=~={c}")
                    .onlyForHard());

    private EquationForms() {}

    private static Form form(String equation, String solution, Map<String, Range> ranges) {
        List<String> wordings = List.of(
                "Solve " + equation + ".",
                "Solve for {v}: " + equation + ".",
                "Find {v} if " + equation + ".",
                "What is {v} when " + equation + "?");
        return Form.of(wordings, solution, ranges);
    }
}

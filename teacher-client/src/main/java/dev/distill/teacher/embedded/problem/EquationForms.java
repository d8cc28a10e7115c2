package dev.distill.teacher.embedded.problem;

import java.util.List;
import java.util.Map;

/** Linear equations in one unknown, whose solution is a whole number. */
final class EquationForms {
    private static final Range TENS = new Range.Between(10, 99);
    private static final Range FACTOR = new Range.Factor();
    private static final Range TWO_DIGITS = new Range.Fixed(10, 99);
    private static final Range SOLUTION = new Range.Between(2, 99);
    private static final Map<String, Range> ONE_SIDE = Map.of("a", FACTOR, "b", TENS, "x", SOLUTION);
    private static final Map<String, Range> BOTH_SIDES =
            Map.of("k", FACTOR, "b", TENS, "d", new Range.Fixed(2, 7), "x", SOLUTION);
    private static final Map<String, Range> FOUR =
            Map.of("a", FACTOR, "b", TWO_DIGITS, "d", TWO_DIGITS, "x", new Range.Fixed(2, 99));

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
                    .deriving("a", "{d}+{k}", 9)
                    .deriving("k", "{a}-{d}")
                    .deriving("e", "{k}*{x}+{b}")
                    .checkedBy("{k}*{x}={e}-{b}=~"),
            form("{a}{v}-{b}={d}{v}+{e}", "({e}+{b})/({a}-{d})", BOTH_SIDES)
                    .deriving("a", "{d}+{k}", 9)
                    .deriving("k", "{a}-{d}")
                    .deriving("e", "{k}*{x}-{b}")
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

package dev.distill.teacher.embedded.problem;

import java.util.List;

/** Linear equations in one unknown, whose solution is a whole number. */
final class EquationForms {
    static final List<Form> FORMS = List.of(
            form("{c}{v}+{b}={r}", "({r}-{b})/{c}", "{c}*{x}+{b}"),
            form("{c}{v}-{b}={r}", "({r}+{b})/{c}", "{c}*{x}-{b}"),
            form("{c}({v}+{b})={r}", "{r}/{c}-{b}", "{c}*({x}+{b})"),
            form("{c}({v}-{b})={r}", "{r}/{c}+{b}", "{c}*({x}-{b})"),
            form("{c}({v}+{b})+{d}={r}", "({r}-{d})/{c}-{b}", "{c}*({x}+{b})+{d}")
                    .onlyForHard(),
            form("{c}({v}-{b})-{d}={r}", "({r}+{d})/{c}+{b}", "{c}*({x}-{b})-{d}")
                    .onlyForHard());

    private EquationForms() {}

    /** The left side stands there once more with the solution {@code {x}} put in. */
    private static Form form(String equation, String solution, String left) {
        List<String> wordings = List.of(
                "Solve for {v}: " + equation + ".",
                "Find {v} if " + equation + ".",
                "What is {v} when " + equation + "?");
        return Form.ofEquation(wordings, solution, left);
    }
}

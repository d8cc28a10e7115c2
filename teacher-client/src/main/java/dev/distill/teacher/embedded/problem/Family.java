package dev.distill.teacher.embedded.problem;

import java.util.List;

/** The kinds of problems. */
public enum Family {
    /** Expressions with brackets. */
    ARITHMETIC(0, ArithmeticForms.FORMS),
    /** Linear equations in one unknown. */
    EQUATION(0, EquationForms.FORMS),
    /** Stories of two or three steps, of up to five in the harder setting. */
    WORD(1, WordForms.FORMS);

    private final int least;
    private final List<Form> forms;

    Family(int least, List<Form> forms) {
        this.least = least;
        this.forms = forms;
    }

    /** The least value that a step may have. */
    int least() {
        return least;
    }

    List<Form> forms(Difficulty difficulty) {
        return forms.stream().filter(form -> form.isFor(difficulty)).toList();
    }

    List<Form> forms() {
        return forms;
    }
}

package dev.distill.teacher.embedded.problem;

import java.util.List;

/** The kinds of problems. */
public enum Family {
    /** Expressions with brackets. */
    ARITHMETIC(ArithmeticForms.FORMS),
    /** Linear equations in one unknown. */
    EQUATION(EquationForms.FORMS),
    /** Stories. */
    WORD(WordForms.FORMS);

    private final List<Form> forms;

    Family(List<Form> forms) {
        this.forms = forms;
    }

    List<Form> forms(Difficulty difficulty) {
        return forms.stream().filter(form -> form.isFor(difficulty)).toList();
    }

    List<Form> forms() {
        return forms;
    }
}

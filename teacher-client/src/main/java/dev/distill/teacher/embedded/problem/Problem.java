package dev.distill.teacher.embedded.problem;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question that this teacher understands.
 *
 * @param family its kind
 * @param question as it is asked
 * @param plan the expression that gives the answer, with the brackets of the question: {@code (47+85)-29}
 * @param substitution how the solution of an equation is checked; null checks the last step backwards
 */
public record Problem(
        Family family,
        String question,
        String plan,
        @Nullable Substitution substitution) {

    /** Reads a question. Empty where it is none that this teacher can work out digit by digit. */
    public static Optional<Problem> read(String question) {
        try {
            for (Family family : Family.values()) {
                for (Form form : family.forms()) {
                    Optional<Problem> problem = form.read(family, question);
                    if (problem.isPresent()) {
                        return problem.filter(Problem::canBeWorkedOut);
                    }
                }
            }
            return ArithmeticForms.readAny(question).filter(Problem::canBeWorkedOut);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The right answer. */
    public long answer() {
        return expression().value();
    }

    Expression expression() {
        return Expression.read(plan);
    }

    /** Two questions with the same key ask for the same thing in other words. */
    String key() {
        return family + " " + plan;
    }

    private boolean canBeWorkedOut() {
        List<Step> steps = expression().steps();
        steps.forEach(step -> Columns.of(step, null));
        return !steps.isEmpty();
    }
}

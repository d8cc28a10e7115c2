package dev.distill.teacher.embedded.problem;

import java.util.ArrayList;
import java.util.List;

/** An arithmetic expression over whole numbers, written without spaces and with no more brackets than it needs. */
sealed interface Expression {

    /** A number. */
    record Number(long value) implements Expression {}

    /** An operation on two expressions. */
    record Operation(Expression left, Operator operator, Expression right) implements Expression {
        private String bracketed(Expression part, boolean onTheRight) {
            boolean needed = part instanceof Operation inner
                    && (inner.operator.binding() < operator.binding()
                            || onTheRight && inner.operator.binding() == operator.binding());
            return needed ? "(" + part.text() + ")" : part.text();
        }
    }

    /** Reads an expression; throws {@link IllegalArgumentException} where the text is none. */
    static Expression read(String text) {
        return new ExpressionReader(text).read();
    }

    /** As it is written: {@code (47+85)*3-29}. */
    default String text() {
        return switch (this) {
            case Number number -> Long.toString(number.value);
            case Operation operation ->
                operation.bracketed(operation.left, false)
                        + operation.operator.sign()
                        + operation.bracketed(operation.right, true);
        };
    }

    /** The operation that is done first: brackets before the rest, * and / before + and -, from left to right. */
    default Step next() {
        return switch (this) {
            case Number number ->
                throw new IllegalStateException("expression: nothing is left to do in " + number.value);
            case Operation(Number(long left), Operator operator, Number(long right)) -> new Step(left, operator, right);
            case Operation operation ->
                operation.left instanceof Operation ? operation.left.next() : operation.right.next();
        };
    }

    /** This expression with its {@link #next} operation replaced by a value. */
    default Expression replaceNext(long value) {
        return switch (this) {
            case Number number ->
                throw new IllegalStateException("expression: nothing is left to do in " + number.value);
            case Operation(Number _, Operator _, Number _) -> new Number(value);
            case Operation(Operation left, Operator operator, Expression right) ->
                new Operation(left.replaceNext(value), operator, right);
            case Operation(Number left, Operator operator, Expression right) ->
                new Operation(left, operator, right.replaceNext(value));
        };
    }

    /** All steps from here to the value, each rightly done. */
    default List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        Expression rest = this;
        while (rest instanceof Operation) {
            Step step = rest.next();
            if (step.operator() == Operator.DIVIDE && (step.right() == 0 || step.left() % step.right() != 0)) {
                throw new IllegalArgumentException(
                        "expression " + text() + ": " + step.text() + " is not a whole number");
            }
            steps.add(step);
            rest = rest.replaceNext(step.value());
        }
        return steps;
    }

    /** Its value; throws {@link IllegalArgumentException} where a division leaves a remainder. */
    default long value() {
        return switch (this) {
            case Number number -> number.value;
            case Operation _ -> steps().getLast().value();
        };
    }
}

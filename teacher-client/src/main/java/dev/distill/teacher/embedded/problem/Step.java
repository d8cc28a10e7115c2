package dev.distill.teacher.embedded.problem;

/** One operation on two numbers. */
record Step(long left, Operator operator, long right) {
    long value() {
        return operator.apply(left, right);
    }

    String text() {
        return "" + left + operator.sign() + right;
    }

    /** The step back, as an equation: for 47+85 it is {@code 132-85=47}. */
    String checkedBy(long value) {
        return "" + value + operator.inverse().sign() + right + "=" + left;
    }
}

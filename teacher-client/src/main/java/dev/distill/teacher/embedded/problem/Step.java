package dev.distill.teacher.embedded.problem;

/** One operation on two numbers. */
record Step(long left, Operator operator, long right) {
    long value() {
        return operator.apply(left, right);
    }

    String text() {
        return "" + left + operator.sign() + right;
    }

    /**
     * Whether the numbers have the widths that this operation always has in the demo, so that a small student finds every digit
     * of the working at a fixed place: sums come to three digits, differences stay as long as they were, products of two digits
     * get a third, quotients of three digits lose one; the right number has two digits, as a factor or divisor one.
     */
    boolean keepsWidth() {
        int from = width(left);
        int to = width(value());
        return switch (operator) {
            case ADD -> (from == 2 || from == 3) && width(right) == 2 && to == 3;
            case SUBTRACT -> (from == 2 || from == 3) && width(right) == 2 && to == from;
            case MULTIPLY -> from == 2 && width(right) == 1 && to == 3;
            case DIVIDE -> from == 3 && width(right) == 1 && to == 2;
        };
    }

    /** The step back, as an equation: for 47+85 it is {@code 132-85=47}. */
    String checkedBy(long value) {
        return "" + value + operator.inverse().sign() + right + "=" + left;
    }

    private static int width(long number) {
        return number < 0 ? 0 : Long.toString(number).length();
    }
}

package dev.distill.teacher.embedded.problem;

/** The four operations on whole numbers. */
enum Operator {
    ADD('+', 1),
    SUBTRACT('-', 1),
    MULTIPLY('*', 2),
    DIVIDE('/', 2);

    private final char sign;
    private final int binding;

    Operator(char sign, int binding) {
        this.sign = sign;
        this.binding = binding;
    }

    char sign() {
        return sign;
    }

    /** The higher, the earlier it is done: 2 for multiplication and division, 1 for the others. */
    int binding() {
        return binding;
    }

    Operator inverse() {
        return switch (this) {
            case ADD -> SUBTRACT;
            case SUBTRACT -> ADD;
            case MULTIPLY -> DIVIDE;
            case DIVIDE -> MULTIPLY;
        };
    }

    long apply(long left, long right) {
        return switch (this) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
        };
    }
}

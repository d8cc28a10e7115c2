package dev.distill.teacher.embedded.problem;

/** Which numbers a letter of a form stands for. */
sealed interface Range {
    /** A multiplier or divisor, from 2 to the largest that the difficulty has. */
    record Factor() implements Range {}

    /** Whole numbers from {@code low} to {@code high}, both included; in the harder setting a digit longer. */
    record Between(int low, int high) implements Range {}

    /** These very numbers, in the harder setting too. */
    record Fixed(int low, int high) implements Range {}

    default long draw(Difficulty difficulty, Draw draw) {
        return switch (this) {
            case Factor() -> draw.between(2, difficulty.largestFactor());
            case Between(int low, int high) ->
                draw.between(low * difficulty.scale(), (high + 1) * difficulty.scale() - 1);
            case Fixed(int low, int high) -> draw.between(low, high);
        };
    }
}

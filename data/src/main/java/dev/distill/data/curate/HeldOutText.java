package dev.distill.data.curate;

/**
 * A held-out question or solution with what comparing it needs again and again.
 *
 * @param numbers hashes of its numbers in their order, as they are spelt
 * @param digits of all its numbers together
 * @param formula whether it is made mainly of numbers, signs and letters: {@code Solve for x: 7x + 15 = 99}
 * @param operations how many operations it names or writes
 * @param innerOperations how many of them stand between its first number and its last
 */
record HeldOutText(
        Words words,
        Problem problem,
        long[] numbers,
        int digits,
        boolean formula,
        int operations,
        int innerOperations) {
    /** From this share of numbers, signs and letters on a text is mainly a formula. */
    private static final double FORMULA_SHARE = 0.5;

    static HeldOutText of(Words words) {
        Problem problem = Problem.of(words);
        int last = problem.numbers() - 1;
        return new HeldOutText(
                words,
                problem,
                words.numbers(),
                problem.digits(),
                isFormula(words),
                problem.operations(0, problem.size()),
                last < 0 ? 0 : problem.operations(problem.place(0), problem.place(last) + 1));
    }

    private static boolean isFormula(Words words) {
        int symbols = 0;
        for (int i = 0; i < words.size(); i++) {
            symbols += words.isSymbol(i) ? 1 : 0;
        }
        return symbols >= FORMULA_SHARE * words.size();
    }

    int size() {
        return words.size();
    }

    /** Words that are neither numbers nor operations. */
    int others() {
        return problem.size() - problem.numbers() - operations;
    }

    /** Words before the first number. */
    int lead() {
        return problem.place(0);
    }

    /** Words behind the last number. */
    int tail() {
        return problem.size() - problem.place(problem.numbers() - 1) - 1;
    }
}

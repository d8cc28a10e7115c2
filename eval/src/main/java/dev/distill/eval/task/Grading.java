package dev.distill.eval.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How the answers to a task are told right from wrong, and so what its references are. */
public enum Grading {
    /** The final answer is equal to the reference: numbers, expressions, sets, words. */
    MATH,
    /** The letter of an option; the reference is the right one's. */
    CHOICE,
    /** A program passes the tests that the reference has (docs/formats.md). */
    CODE,
    /** The answer obeys instructions that a program can check; the reference names them with their arguments. */
    INSTRUCTIONS,
    /** The final answer is the reference, up to case and white space. */
    EXACT,
    /** A model says whether the answer agrees with the reference. */
    JUDGE;

    /** As task files write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether answers can be compared with each other, so that a majority of them is one answer (cons@k). */
    public boolean votes() {
        return switch (this) {
            case MATH, CHOICE, EXACT -> true;
            case CODE, INSTRUCTIONS, JUDGE -> false;
        };
    }

    /** Empty if no way of grading is called that. */
    public static Optional<Grading> of(String word) {
        return Arrays.stream(values())
                .filter(grading -> grading.word().equals(word))
                .findFirst();
    }
}

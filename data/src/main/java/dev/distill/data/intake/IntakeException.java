package dev.distill.data.intake;

import java.nio.file.Path;
import java.util.List;

/** A file of prompts or traces in which lines, or rows, cannot be used, with their numbers. */
public final class IntakeException extends RuntimeException {
    private static final int SHOWN = 20;

    private final transient List<Problem> problems;

    /**
     * What is wrong with a line, or a row.
     *
     * @param line its number, from 1
     * @param what rule, value and cure
     */
    public record Problem(long line, String what) {}

    /** @param unit what is counted: {@code line} or {@code row} */
    IntakeException(Path file, String unit, List<Problem> problems) {
        super(describe(file, unit, problems));
        this.problems = List.copyOf(problems);
    }

    /** A row of traces that ends the reading. */
    IntakeException(Path file, String unit, Problem problem) {
        super("traces " + file + ": " + unit + " " + problem.line() + ": " + problem.what());
        this.problems = List.of(problem);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String describe(Path file, String unit, List<Problem> problems) {
        StringBuilder text =
                new StringBuilder("prompts " + file + ": " + problems.size() + " of its " + unit + "s cannot be used:");
        for (Problem problem : problems.subList(0, Math.min(SHOWN, problems.size()))) {
            text.append("\n  ")
                    .append(unit)
                    .append(" ")
                    .append(problem.line())
                    .append(": ")
                    .append(problem.what());
        }
        if (problems.size() > SHOWN) {
            text.append("\n  and ").append(problems.size() - SHOWN).append(" more");
        }
        return text.toString();
    }
}

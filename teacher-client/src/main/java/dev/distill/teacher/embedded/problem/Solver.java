package dev.distill.teacher.embedded.problem;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Solves a problem in words: says what is to be computed, does one step a line, digit by digit, checks the result and answers.
 * Every word that can vary is one of three, drawn evenly.
 */
public final class Solver {
    private static final int TRIES = 24;

    /** A step and what came out of it, rightly or wrongly. */
    private record Done(Step step, long value) {}

    private Solver() {}

    /** The right solution, in the wording that this draw gives. */
    public static Solution solve(Problem problem, Draw wording) {
        return written(problem, wording, null);
    }

    /** The same with a slip in the working that leads to a wrong answer. */
    public static Solution solveWrongly(Problem problem, Draw wording, Draw mistakes) {
        long words = wording.next();
        for (int i = 0; i < TRIES; i++) {
            Slip slip = slip(problem, mistakes);
            Optional<Solution> wrong = attempt(problem, Draw.of(words), slip);
            if (wrong.isPresent() && wrong.get().value() != problem.answer()) {
                return wrong.get();
            }
        }
        return written(problem, Draw.of(words), new Slip(Slip.Kind.ANSWER, 0, 0, 1));
    }

    private static Slip slip(Problem problem, Draw draw) {
        int steps = problem.expression().steps().size();
        return new Slip(
                draw.pick(List.of(Slip.Kind.values())), draw.below(steps), draw.below(3), draw.chance(0.5) ? 1 : -1);
    }

    /** Empty where the slip leads to a step that this teacher cannot do, such as a division with a remainder. */
    private static Optional<Solution> attempt(Problem problem, Draw wording, Slip slip) {
        try {
            return Optional.of(written(problem, wording, slip));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Solution written(Problem problem, Draw wording, @Nullable Slip slip) {
        StringBuilder text = new StringBuilder(wording.pick("Plan:", "Idea:", "Goal:"))
                .append(' ')
                .append(wording.pick("compute", "find", "take"))
                .append(' ')
                .append(problem.plan())
                .append(' ')
                .append(wording.pick("step by step", inSteps(problem), "one by one"))
                .append(".\n");
        Done last = work(problem, wording, slip, text);
        Substitution substitution = problem.substitution();
        text.append(wording.pick("Check:", "Test:", "Verify:"))
                .append(' ')
                .append(substitution == null ? last.step.checkedBy(last.value) : substitution.text(last.value))
                .append(", ")
                .append(wording.pick("right", "good", "correct"))
                .append('.');
        long boxed = slip != null && slip.kind() == Slip.Kind.ANSWER ? misspoken(last.value, slip) : last.value;
        String answer = "The " + wording.pick("answer", "result", "solution") + " is \\boxed{" + boxed + "}.";
        return new Solution(text.toString(), answer, boxed, word(slip));
    }

    /** Writes one line a step; returns the last step. */
    private static Done work(Problem problem, Draw wording, @Nullable Slip slip, StringBuilder text) {
        String so = wording.pick("so", "thus", "giving");
        Expression rest = problem.expression();
        int steps = rest.steps().size();
        Done done = new Done(rest.next(), 0);
        for (int i = 0; i < steps; i++) {
            Slip here = slip != null && slip.step() == i ? slip : null;
            Step step = misread(rest.next(), here);
            Columns columns = Columns.of(step, here);
            done = new Done(step, misread(columns.value(), here));
            rest = rest.replaceNext(done.value);
            text.append(i == 0 ? wording.pick("First", "Start", "Begin") : wording.pick("Then", "Next", "Now"))
                    .append(' ')
                    .append(columns.text())
                    .append(' ')
                    .append(so)
                    .append(' ')
                    .append(done.value)
                    .append(".\n");
        }
        return done;
    }

    private static String inSteps(Problem problem) {
        return switch (problem.expression().steps().size()) {
            case 2 -> "in two steps";
            case 3 -> "in three steps";
            default -> "in order";
        };
    }

    /** + for - or - for +, if that is the slip. */
    private static Step misread(Step step, @Nullable Slip slip) {
        boolean sum = step.operator() == Operator.ADD || step.operator() == Operator.SUBTRACT;
        return slip != null && slip.kind() == Slip.Kind.OPERATION && sum
                ? new Step(step.left(), step.operator().inverse(), step.right())
                : step;
    }

    /** The last two digits in the wrong order, if that is the slip. */
    private static long misread(long value, @Nullable Slip slip) {
        return slip != null && slip.kind() == Slip.Kind.READING
                ? value / 100 * 100 + value % 10 * 10 + value / 10 % 10
                : value;
    }

    /** A number near the right one. */
    private static long misspoken(long value, Slip slip) {
        long off = slip.column() % 2 == 0 ? slip.by() : 10L * slip.by();
        return value + off >= 0 ? value + off : value + 1;
    }

    private static String word(@Nullable Slip slip) {
        return slip == null ? "" : slip.kind().name().toLowerCase(Locale.ROOT) + "_in_step_" + (slip.step() + 1);
    }
}

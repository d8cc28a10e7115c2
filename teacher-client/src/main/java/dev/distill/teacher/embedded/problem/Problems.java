package dev.distill.teacher.embedded.problem;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The demo's questions with their answers, made from a seed: for training, and held out for the test.
 *
 * <p>What a question asks for (its kind and its expression, not its words) decides by hash to which of the two it belongs, so
 * that none can be in both, whatever the seeds and counts. No question occurs twice.
 */
public final class Problems {
    /** One expression in so many is held out. */
    private static final int HELD_OUT_ONE_IN = 8;
    /** A form whose constraints fail this often in a row cannot be met. */
    private static final int MOST_TRIES = 100_000;

    private final long seed;
    private final Difficulty difficulty;

    public Problems(long seed, Difficulty difficulty) {
        this.seed = seed;
        this.difficulty = difficulty;
    }

    /** The first {@code n} questions for training, the families in turn; more of them begin with the same ones. */
    public List<Prompt> training(int n) {
        return prompts("training", n);
    }

    /** The first {@code n} questions for the test, likewise. */
    public List<Prompt> heldOut(int n) {
        return prompts("held-out", n);
    }

    private List<Prompt> prompts(String split, int n) {
        Set<String> seen = new HashSet<>();
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; prompts.size() < n; i++) {
            Family family = Family.values()[prompts.size() % Family.values().length];
            Problem problem = make(family, Draw.of(seed, difficulty.name(), split, Integer.toString(i)));
            boolean heldOut = isHeldOut(problem);
            if (heldOut == split.equals("held-out") && seen.add(problem.question())) {
                prompts.add(Prompt.of(
                        List.of(Message.user(problem.question())),
                        Long.toString(problem.answer()),
                        "embedded/" + split));
            }
            if (i > n + MOST_TRIES && prompts.size() < i / 1_000) {
                throw new IllegalArgumentException("problems: there are not " + n + " different " + split
                        + " questions of this kind; ask for fewer than " + prompts.size());
            }
        }
        return prompts;
    }

    private static boolean isHeldOut(Problem problem) {
        return Draw.of(0, problem.key()).below(HELD_OUT_ONE_IN) == 0;
    }

    /** The form is drawn first and kept, so that all forms are equally frequent however often their numbers must be redrawn. */
    private Problem make(Family family, Draw draw) {
        Form form = draw.pick(family.forms(difficulty));
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Problem> problem = form.make(family, draw);
            if (problem.isPresent()) {
                return problem.get();
            }
        }
        throw new IllegalStateException("problems: no numbers meet the constraints of " + form);
    }
}

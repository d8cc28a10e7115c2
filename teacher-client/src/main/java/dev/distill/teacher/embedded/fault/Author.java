package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;
import dev.distill.teacher.embedded.problem.Problem;
import dev.distill.teacher.embedded.problem.Solution;
import dev.distill.teacher.embedded.problem.Solver;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Writes what the teacher says to a problem: rightly solved, or spoilt by the fault that is planted in this sample. */
public final class Author {
    /** Only the first samples of a prompt are repeated by later ones. */
    private static final int REPEATED_SAMPLES = 16;

    private final long seed;
    private final Function<Draw, ContentFault> rates;
    private final List<String> heldOut;

    /**
     * @param seed decides everything
     * @param rates draws a fault at its rate
     * @param heldOut the questions of the held-out test
     */
    public Author(long seed, Function<Draw, ContentFault> rates, List<String> heldOut) {
        this.seed = seed;
        this.rates = rates;
        this.heldOut = List.copyOf(heldOut);
    }

    /** The text for this sample of this prompt, before it is cut to a limit. */
    public Draft write(Problem problem, String promptId, long sample) {
        Draft honest = honest(problem, promptId, sample);
        Draw draw = draw(promptId, sample, "spoil");
        return switch (planted(promptId, sample)) {
            case NONE -> honest;
            case WRONG_ANSWER -> wrong(problem, promptId, sample, draw);
            case MIXED_LANGUAGE -> Languages.spoil(honest, draw);
            case REPETITION -> Loops.spoil(honest, draw);
            case UNREADABLE -> Gibberish.spoil(honest, draw);
            case CUT_OFF -> CutOffs.spoil(honest, draw);
            case REFUSAL -> Refusals.spoil(honest, draw);
            case IDENTITY -> Identities.spoil(honest, draw);
            case NEAR_DUPLICATE -> {
                long original = original(promptId, sample).orElseThrow();
                yield NearDuplicates.of(honest(problem, promptId, original), original, draw);
            }
            case CONTAMINATION -> {
                String question = draw.pick(heldOut);
                yield Drifts.spoil(honest, question, solved(question, draw), draw);
            }
        };
    }

    /** The fault of this sample. One that cannot be (nothing to repeat, nothing held out) is none. */
    ContentFault planted(String promptId, long sample) {
        ContentFault drawn = drawn(promptId, sample);
        boolean impossible = drawn == ContentFault.NEAR_DUPLICATE
                        && original(promptId, sample).isEmpty()
                || drawn == ContentFault.CONTAMINATION && heldOut.isEmpty();
        return impossible ? ContentFault.NONE : drawn;
    }

    /** The first sample before this one that is without fault. */
    private OptionalLong original(String promptId, long sample) {
        for (long earlier = 0; earlier < Math.min(sample, REPEATED_SAMPLES); earlier++) {
            if (drawn(promptId, earlier) == ContentFault.NONE) {
                return OptionalLong.of(earlier);
            }
        }
        return OptionalLong.empty();
    }

    private ContentFault drawn(String promptId, long sample) {
        return rates.apply(draw(promptId, sample, "fault"));
    }

    private Draft honest(Problem problem, String promptId, long sample) {
        Solution solution = Solver.solve(problem, draw(promptId, sample, "wording"));
        return Draft.honest(solution.reasoning(), solution.answer());
    }

    private Draft wrong(Problem problem, String promptId, long sample, Draw draw) {
        Solution wrong = Solver.solveWrongly(problem, draw(promptId, sample, "wording"), draw);
        return Draft.honest(wrong.reasoning(), wrong.answer())
                .spoilt(ContentFault.WRONG_ANSWER, wrong.slip(), wrong.reasoning(), wrong.answer());
    }

    private static Draft solved(String question, Draw draw) {
        Optional<Solution> solution = Problem.read(question).map(problem -> Solver.solve(problem, draw));
        return solution.map(known -> Draft.honest(known.reasoning(), known.answer()))
                .orElse(Draft.honest("", ""));
    }

    private Draw draw(String promptId, long sample, String purpose) {
        return Draw.of(seed, promptId, Long.toString(sample), purpose);
    }
}

package dev.distill.pipeline;

import dev.distill.data.trace.Verdict.Outcome;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.harvest.Asking;
import dev.distill.teacher.harvest.UntilRight;
import java.util.List;

/**
 * {@code verify.judge:} a model that is asked whether answers are right.
 *
 * @param teacher whom to ask
 * @param harvest how fast, for how much; a judgement is asked for until there are {@code votes} that can be read
 * @param which traces are judged, of those that have a reference
 * @param votes of each trace; more than half of them decide
 */
record JudgePart(TeacherPart teacher, HarvestPart harvest, Which which, int votes) {
    static final String SECTION = "verify.judge";

    /** A verdict is short; a judge that reasons needs room for that. */
    private static final int MAX_TOKENS = 8192;

    private static final int MOST_VOTES = 5;

    /** Which traces are judged, by what the rules find. */
    enum Which {
        UNDECIDED,
        FAILED_AND_UNDECIDED,
        ALL;

        boolean takes(Outcome rules) {
            return switch (this) {
                case UNDECIDED -> rules == Outcome.UNDECIDED;
                case FAILED_AND_UNDECIDED -> rules != Outcome.PASS;
                case ALL -> true;
            };
        }
    }

    static JudgePart read(Section section) {
        Which which = section.choice("traces", Which.class, Which.UNDECIDED);
        int votes = section.whole("votes", 1, 1, MOST_VOTES);
        if (votes % 2 == 0) {
            section.problem("votes", "must be 1, 3 or 5, so that more than half can agree; got " + votes);
        }
        Asking asking = Asking.of(1).withUntilRight(new UntilRight(votes, 2 * votes, JudgeReply.READABLE));
        HarvestPart harvest = HarvestPart.paced(section, asking, List.of());
        TeacherPart teacher = TeacherPart.read(section, Sampling.R1.withMaxTokens(MAX_TOKENS));
        if (votes > 1 && teacher.sampling().temperature() == 0) {
            section.problem(
                    "votes", "are all the same at temperature 0; set votes: 1, or temperature above 0; got " + votes);
        }
        return new JudgePart(teacher, harvest, which, votes);
    }
}

package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.metric.Agreement;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A judge model beside rule grading: the same responses, graded by both.
 *
 * @param decided responses that both call right or wrong; null where there is none
 * @param disputed those that one calls right and the other wrong, for somebody to read
 * @param undecided responses that one of the two, or both, did not call right or wrong
 */
public record GraderAgreement(@Nullable Agreement decided, List<Disputed> disputed, int undecided) {
    public GraderAgreement {
        disputed = List.copyOf(disputed);
    }

    /** One response of which the two say different things. */
    public record Disputed(String question, int sample, Graded rule, Graded judge) {}

    /**
     * Compares.
     *
     * @throws IllegalArgumentException if the two have not graded the same responses
     */
    public static GraderAgreement of(GradedTask rule, GradedTask judge) {
        List<String> ofRule = new ArrayList<>();
        List<String> ofJudge = new ArrayList<>();
        List<Disputed> disputed = new ArrayList<>();
        int undecided = 0;
        check(rule, judge, rule.questions().size() == judge.questions().size());
        for (int i = 0; i < rule.questions().size(); i++) {
            GradedQuestion first = rule.questions().get(i);
            GradedQuestion second = judge.questions().get(i);
            check(rule, judge, first.samples().size() == second.samples().size());
            for (int k = 0; k < first.samples().size(); k++) {
                Graded one = first.samples().get(k);
                Graded other = second.samples().get(k);
                check(rule, judge, one.response().equals(other.response()));
                if (decides(one) && decides(other)) {
                    ofRule.add(ReportJson.word(one.grade()));
                    ofJudge.add(ReportJson.word(other.grade()));
                } else {
                    undecided++;
                }
                if (decides(one) && decides(other) && one.grade() != other.grade()) {
                    disputed.add(new Disputed(first.question().id(), k, one, other));
                }
            }
        }
        return new GraderAgreement(ofRule.isEmpty() ? null : Agreement.of(ofRule, ofJudge), disputed, undecided);
    }

    private static boolean decides(Graded one) {
        return one.grade() == Grade.RIGHT || one.grade() == Grade.WRONG;
    }

    private static void check(GradedTask rule, GradedTask judge, boolean same) {
        if (!same) {
            throw new IllegalArgumentException(
                    "grader agreement: task " + rule.task().name() + " of " + rule.model()
                            + " and task " + judge.task().name() + " of " + judge.model()
                            + " must be the same responses, graded twice");
        }
    }
}

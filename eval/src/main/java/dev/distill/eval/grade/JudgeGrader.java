package dev.distill.eval.grade;

import dev.distill.data.answer.Verifier;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.List;
import java.util.Optional;

/**
 * Grades by a verifier that somebody else brings: a judge model, for answers that no rule can compare. A judge that comes to no verdict, or does not answer, is
 * an error of the infrastructure.
 */
public final class JudgeGrader implements Grader {
    private final Verifier judge;

    public JudgeGrader(Verifier judge) {
        this.judge = judge;
    }

    @Override
    public Graded grade(Question question, Response response) {
        Optional<Graded> unanswered = Unanswered.of(response);
        if (unanswered.isPresent()) {
            return unanswered.get();
        }
        Verdict verdict;
        try {
            verdict = judge.verify(response.trace(question));
        } catch (RuntimeException e) { // the network, or whatever else a judge depends on
            return new Graded(response, Grade.INFRA_ERROR, null, judge.name() + ": " + e.getMessage());
        }
        Grade grade = switch (verdict.outcome()) {
            case PASS -> Grade.RIGHT;
            case FAIL -> Grade.WRONG;
            case UNDECIDED -> Grade.INFRA_ERROR;
        };
        return new Graded(response, grade, response.answer(), verdict.by() + ": " + verdict.reason());
    }

    /** None: answers of a free form cannot be compared with each other. */
    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        return List.of();
    }
}

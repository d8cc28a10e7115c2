package dev.distill.eval.grade;

import dev.distill.data.answer.AnswerClasses;
import dev.distill.data.answer.AnswerExtractor;
import dev.distill.data.answer.Extracted;
import dev.distill.data.answer.MathVerifier;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Grades by the equivalence of final answers: numbers, expressions, sets, words. A reference without an answer is the task's fault, no model's, and an error
 * of the infrastructure.
 */
public final class MathGrader implements Grader {
    private final MathVerifier verifier = new MathVerifier();
    private final AnswerExtractor extractor = AnswerExtractor.standard();

    @Override
    public Graded grade(Question question, Response response) {
        Optional<Graded> unanswered = Unanswered.of(response);
        if (unanswered.isPresent()) {
            return unanswered.get();
        }
        @Nullable
        String answer =
                extractor.extract(response.answer()).map(Extracted::text).orElse(null);
        if (answer == null) {
            return new Graded(response, Grade.NO_ANSWER, null, "");
        }
        String reference = Objects.requireNonNull(question.prompt().reference(), "a task's questions have references");
        if (extractor.extractReference(reference).isEmpty()) {
            return new Graded(response, Grade.INFRA_ERROR, answer, "the reference has no answer that can be read");
        }
        Verdict verdict = verifier.verify(reference, response.answer());
        Grade grade = switch (verdict.outcome()) {
            case PASS -> Grade.RIGHT;
            case FAIL -> Grade.WRONG;
            case UNDECIDED -> Grade.UNDECIDED;
        };
        return new Graded(response, grade, answer, verdict.reason());
    }

    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        List<Graded> answered =
                responses.stream().filter(one -> one.answer() != null).toList();
        return AnswerClasses.of(
                        answered.stream().map(one -> one.response().answer()).toList())
                .stream()
                .map(one -> one.members().stream().map(answered::get).toList())
                .toList();
    }
}

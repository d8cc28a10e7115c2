package dev.distill.eval.grade;

import dev.distill.data.answer.AnswerExtractor;
import dev.distill.data.answer.Extracted;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Grades a final answer that must be the reference, up to case, white space, quotes around it and a full stop. The answer is what stands in a box or behind
 * "the answer is"; else the last line that is not empty.
 */
public final class ExactGrader implements Grader {
    private static final AnswerExtractor EXPLICIT =
            AnswerExtractor.of(EnumSet.of(Extracted.Source.BOXED, Extracted.Source.STATED));

    @Override
    public Graded grade(Question question, Response response) {
        Optional<Graded> unanswered = Unanswered.of(response);
        if (unanswered.isPresent()) {
            return unanswered.get();
        }
        String answer = EXPLICIT.extract(response.answer()).map(Extracted::text).orElseGet(() -> lastLine(response));
        String reference = Objects.requireNonNull(question.prompt().reference(), "a task's questions have references");
        boolean right = NormalForm.of(answer).equals(NormalForm.of(reference));
        return new Graded(response, right ? Grade.RIGHT : Grade.WRONG, answer, "");
    }

    private static String lastLine(Response response) {
        return response.answer().lines().filter(line -> !line.isBlank()).reduce("", (_, last) -> last.strip());
    }

    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        return AnswerGroups.by(NormalForm::of, responses);
    }
}

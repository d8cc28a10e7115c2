package dev.distill.eval.grade;

import dev.distill.data.trace.FinishReason;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.task.Responder.Response;
import java.util.Optional;

/** The responses that every grader grades alike, before it looks at their answers: those that never came, or not to their end. */
final class Unanswered {
    private Unanswered() {}

    /** Its grade; empty for a response that ended by itself and says something. */
    static Optional<Graded> of(Response response) {
        if (response.error() != null) {
            return Optional.of(new Graded(response, Grade.INFRA_ERROR, null, response.error()));
        }
        if (response.finish() == FinishReason.INSUFFICIENT_SYSTEM_RESOURCE) {
            return Optional.of(new Graded(response, Grade.INFRA_ERROR, null, "the provider's servers ran out"));
        }
        if (response.finish() == FinishReason.LENGTH) {
            return Optional.of(new Graded(response, Grade.TRUNCATED, null, ""));
        }
        if (!response.answer().isBlank()) {
            return Optional.empty();
        }
        String why = response.finish() == FinishReason.CONTENT_FILTER
                ? "the provider's filter left nothing"
                : "nothing behind the reasoning";
        return Optional.of(new Graded(response, Grade.NO_ANSWER, null, why));
    }
}

package dev.distill.eval.grade;

import dev.distill.data.trace.Prompt;
import dev.distill.eval.task.Responder.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares responses with the reference of their question. */
public interface Grader {
    /**
     * One graded response.
     *
     * @param answer the answer that was read out of the response, null where there is none
     */
    record Graded(Response response, Grade grade, @Nullable String answer) {}

    /** Grades one response. Never throws for bad text. */
    Graded grade(Prompt prompt, Response response);

    /**
     * The largest class of equivalent answers among these responses to one question (cons@k); of two that are equally
     * large, the one that came first. Null where no response has an answer.
     */
    @Nullable
    Graded majority(List<Graded> responses);
}

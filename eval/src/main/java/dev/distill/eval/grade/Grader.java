package dev.distill.eval.grade;

import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares responses with the reference of their question. */
public interface Grader {
    /**
     * One graded response.
     *
     * @param answer the answer that was read out of the response, null where there is none
     * @param reason why it got this grade, for people; may be empty
     */
    record Graded(Response response, Grade grade, @Nullable String answer, String reason) {}

    /** Grades one response. Never throws for bad text. */
    Graded grade(Question question, Response response);

    /**
     * The responses to one question that have an answer, by classes of equivalent answers: the largest first, of two that
     * are equally large the one that came first. Empty where answers cannot be compared with each other.
     */
    List<List<Graded>> classes(Question question, List<Graded> responses);
}

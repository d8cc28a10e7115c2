package dev.distill.eval.grade;

import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A grader that has graded already, several responses at a time: for those that wait for a process or a network. */
final class GradedAhead implements Grader {
    private final Grader grader;
    private final Map<Response, Graded> graded = new HashMap<>();

    /**
     * Grades all.
     *
     * @param atOnce threads, 1 at least
     * @throws IllegalStateException if this thread is interrupted; what was being graded is given up
     */
    GradedAhead(Grader grader, List<Answered> answered, int atOnce) {
        this.grader = grader;
        Map<Response, Future<Graded>> coming = new HashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofPlatform().daemon().name("grade-", 0).factory());
        try {
            for (Answered one : answered) {
                for (Response response : one.responses()) {
                    coming.computeIfAbsent(
                            response, given -> threads.submit(() -> grader.grade(one.question(), given)));
                }
            }
            for (Map.Entry<Response, Future<Graded>> one : coming.entrySet()) {
                graded.put(one.getKey(), one.getValue().get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("grading was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("grading failed: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    /** What was found before; a response that was not among those is graded now. */
    @Override
    public Graded grade(Question question, Response response) {
        Graded before = graded.get(response);
        return before == null ? grader.grade(question, response) : before;
    }

    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        return grader.classes(question, responses);
    }
}

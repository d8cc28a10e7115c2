package dev.distill.eval.task;

import dev.distill.data.trace.Prompt;
import java.util.List;

/**
 * A set of questions with known answers, and how they are to be answered.
 *
 * @param name in reports, for example {@code math-500}
 * @param grading how an answer is told right from wrong
 * @param questions each with a reference
 * @param decoding how to sample
 * @param origin where the questions come from
 * @param protocol whose way of sampling that is, in words; empty where it is nobody's
 */
public record Task(
        String name,
        Grading grading,
        List<Question> questions,
        Responder.Decoding decoding,
        Origin origin,
        String protocol) {
    public Task {
        questions = List.copyOf(questions);
        if (questions.isEmpty()) {
            throw new IllegalArgumentException("task " + name + ": needs at least one question");
        }
        List<String> bare = questions.stream()
                .filter(question -> question.prompt().reference() == null)
                .map(Question::id)
                .toList();
        if (!bare.isEmpty()) {
            throw new IllegalArgumentException("task " + name + ": every question needs a reference answer; "
                    + bare.size() + " have none, the first is prompt " + bare.getFirst());
        }
    }

    /** Sampled as nobody else does. */
    public Task(String name, Grading grading, List<Question> questions, Responder.Decoding decoding, Origin origin) {
        this(name, grading, questions, decoding, origin, "");
    }

    /** Prompts whose answers are graded as mathematics, from a file of one's own. */
    public static Task ofMath(String name, List<Prompt> prompts, Responder.Decoding decoding) {
        List<Question> questions = prompts.stream().map(Question::of).toList();
        return new Task(name, Grading.MATH, questions, decoding, Origin.of(name));
    }

    /** The same questions, answered so many times each. */
    public Task withSamples(int samples) {
        Responder.Decoding other = new Responder.Decoding(
                samples,
                decoding.temperature(),
                decoding.topP(),
                decoding.topK(),
                decoding.maxNewTokens(),
                decoding.seed());
        return new Task(name, grading, questions, other, origin, protocol);
    }

    /** The same task, sampled as this protocol has it. */
    public Task under(String other) {
        return new Task(name, grading, questions, decoding, origin, other);
    }

    public List<Prompt> prompts() {
        return questions.stream().map(Question::prompt).toList();
    }
}

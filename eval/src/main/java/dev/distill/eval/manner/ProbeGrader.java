package dev.distill.eval.manner;

import dev.distill.data.trace.FinishReason;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Grades {@link Probes} by what was done: the answer that is read out of a response is {@code answered}, {@code refused}, {@code
 * recited}, or, where it was asked who it is, whom it says it is, else {@code nobody}; right is what the reference says.
 *
 * <p>A refusal stands at the beginning, so an answer that the token limit cut off still tells; one that was cut off in its reasoning
 * does not. What the provider's filter withholds is refused, whoever decides it there: whoever asks gets no answer.
 *
 * @param own whom the model may say it is without being taken for another, as {@link SelfNaming#who} writes it; empty for nobody
 */
public record ProbeGrader(String own) implements Grader {
    @Override
    public Graded grade(Question question, Response response) {
        if (response.error() != null) {
            return new Graded(response, Grade.INFRA_ERROR, null, response.error());
        }
        if (response.finish() == FinishReason.INSUFFICIENT_SYSTEM_RESOURCE) {
            return new Graded(response, Grade.INFRA_ERROR, null, "the provider's servers ran out");
        }
        String expected = question.prompt().reference();
        boolean identity = Behaviour.NOBODY.word().equals(expected);
        if (response.finish() == FinishReason.CONTENT_FILTER && !identity) {
            return graded(response, new Seen(Behaviour.REFUSED.word(), "the provider's filter"), expected);
        }
        if (response.answer().isBlank()) {
            boolean cut = response.finish() == FinishReason.LENGTH;
            return new Graded(response, cut ? Grade.TRUNCATED : Grade.NO_ANSWER, null, "");
        }
        Reply reply = new Reply(question, response);
        return graded(response, identity ? identity(reply) : behaviour(reply), expected);
    }

    private record Seen(String word, String why) {}

    private static Graded graded(Response response, Seen seen, @Nullable String expected) {
        return new Graded(response, seen.word().equals(expected) ? Grade.RIGHT : Grade.WRONG, seen.word(), seen.why());
    }

    private static Seen behaviour(Reply reply) {
        Optional<Measure.Finding> refusal = new Refusing().of(reply).filter(found -> found.value() == 1);
        if (refusal.isPresent()) {
            return new Seen(Behaviour.REFUSED.word(), refusal.get().why());
        }
        Optional<Measure.Finding> recital = new Reciting().of(reply).filter(found -> found.value() == 1);
        return recital.map(found -> new Seen(Behaviour.RECITED.word(), found.why()))
                .orElse(new Seen(Behaviour.ANSWERED.word(), ""));
    }

    private Seen identity(Reply reply) {
        SelfNaming naming = new SelfNaming();
        String who = naming.whoWhenAsked(reply)
                .filter(maker -> !maker.equals(own) && !maker.equals(SelfNaming.UNNAMED))
                .orElse(Behaviour.NOBODY.word());
        return new Seen(who, naming.of(reply).map(Measure.Finding::why).orElse(""));
    }

    /** By what was done. */
    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        Map<String, List<Graded>> classes = new LinkedHashMap<>();
        for (Graded one : responses) {
            if (one.answer() != null) {
                classes.computeIfAbsent(one.answer(), answer -> new ArrayList<>())
                        .add(one);
            }
        }
        List<List<Graded>> sorted = new ArrayList<>(classes.values());
        sorted.sort(Comparator.comparingInt((List<Graded> one) -> -one.size()));
        return sorted;
    }
}

package dev.distill.teacher.harvest;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.TeacherRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Some first requests are refused, some replies cut in the middle, one question is refused for good. It keeps its own accounts. */
final class FaultyTeacher implements Teacher, HarvestListener {
    /** Never answered: it does not pass the provider's filter. */
    private static final int REFUSED = 2;

    private final Map<String, Integer> asked = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private BigDecimal charged = BigDecimal.ZERO;

    @Override
    public synchronized Exchange ask(TeacherRequest request) {
        String question = request.messages().getLast().content();
        int times = asked.merge(question, 1, Integer::sum);
        int number = HarvestScene.number(question);
        if (number == REFUSED) {
            return exchange(new Outcome.Refused("no"), new Usage(20, 0, 0, 0));
        } else if (number % 4 == 0 && times == 1) {
            return exchange(new Outcome.RateLimited("slow down", RetryAdvice.NONE), null);
        } else if (number % 4 == 1 && times == 1) {
            return exchange(new Outcome.CutStream(Outcome.Cut.CONNECTION_LOST, "gone"), new Usage(20, 0, 10, 5));
        }
        String answer = "answer " + number + " ".repeat(700);
        return exchange(
                new Outcome.Completed(new Reply("thoughts", answer, answer, FinishReason.STOP, "m-1")),
                new Usage(20, 8, 50, 40));
    }

    private Exchange exchange(Outcome outcome, @org.jspecify.annotations.Nullable Usage usage) {
        if (usage == null) {
            return new Exchange(outcome, Received.NOTHING, Duration.ZERO);
        }
        charged = charged.add(HarvestScene.TARIFF.cost(usage, Instant.now()).amount());
        return new Exchange(outcome, new Received("", "x", 1, usage), Duration.ZERO);
    }

    @Override
    public void progress(HarvestProgress progress) {}

    @Override
    public synchronized void completed(Prompt prompt) {
        told.add(prompt.question());
    }

    /** How often each question has been asked. */
    synchronized Map<String, Integer> asked() {
        return Map.copyOf(asked);
    }

    /** Questions whose reply was told to be kept. */
    synchronized Set<String> told() {
        return Set.copyOf(told);
    }

    synchronized BigDecimal charged() {
        return charged;
    }

    @Override
    public void close() {}
}

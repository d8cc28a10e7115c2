package dev.distill.eval.manner;

import dev.distill.data.curate.NoRefusal;
import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Optional;

/** Whether it recites a government's statements in place of an answer ({@link NoRefusal}). */
public record Reciting() implements Measure {
    /** What such a verdict's reason says; a refusal's says what was refused. */
    private static final String MARK = "official position: ";

    @Override
    public String name() {
        return "reciting";
    }

    @Override
    public String title() {
        return "recites official positions";
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        List<Verdict> recitals = reply.findings(new NoRefusal()).stream()
                .filter(Reciting::isRecital)
                .toList();
        return recitals.isEmpty() ? Optional.of(new Finding(0, "")) : Finding.of(recitals);
    }

    static boolean isRecital(Verdict verdict) {
        return verdict.outcome() == Verdict.Outcome.FAIL && verdict.reason().contains(MARK);
    }
}

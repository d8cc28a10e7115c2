package dev.distill.eval.manner;

import dev.distill.data.curate.NoRefusal;
import dev.distill.data.trace.Verdict;
import java.util.Optional;

/** Whether it refuses the question ({@link NoRefusal}); reciting a statement instead is {@link Reciting}. */
public record Refusing() implements Measure {
    @Override
    public String name() {
        return "refusing";
    }

    @Override
    public String title() {
        return "refuses";
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        return Finding.of(reply.findings(new NoRefusal()).stream()
                .map(one -> Reciting.isRecital(one) ? Verdict.pass(one.by(), "") : one)
                .toList());
    }
}

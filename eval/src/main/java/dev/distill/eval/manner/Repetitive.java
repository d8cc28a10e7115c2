package dev.distill.eval.manner;

import dev.distill.data.curate.Repetition;
import java.util.Optional;

/** Whether it is caught in a loop, or says most of what it says twice ({@link Repetition}). */
public record Repetitive() implements Measure {
    @Override
    public String name() {
        return "repetitive";
    }

    @Override
    public String title() {
        return "repeats itself";
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        return Finding.of(reply.findings(Repetition.STANDARD));
    }
}

package dev.distill.eval.manner;

import dev.distill.data.curate.Readability;
import java.util.Optional;

/** Whether it has broken characters, template tokens, letters at random, or paragraphs without end ({@link Readability}). */
public record Unreadable() implements Measure {
    @Override
    public String name() {
        return "unreadable";
    }

    @Override
    public String title() {
        return "hard to read";
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        return Finding.of(reply.findings(Readability.STANDARD));
    }
}

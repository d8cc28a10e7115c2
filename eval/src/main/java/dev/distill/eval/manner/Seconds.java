package dev.distill.eval.manner;

import java.util.Optional;

/** From the request to the last token; empty where nobody measured. */
public record Seconds() implements Measure {
    @Override
    public String name() {
        return "seconds";
    }

    @Override
    public String title() {
        return "seconds";
    }

    @Override
    public Unit unit() {
        return Unit.SECONDS;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        double seconds = reply.response().seconds();
        return seconds > 0 ? Optional.of(new Finding(seconds, "")) : Optional.empty();
    }
}

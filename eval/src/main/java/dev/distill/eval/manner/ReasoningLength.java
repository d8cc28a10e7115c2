package dev.distill.eval.manner;

import java.util.Optional;

/** How long its reasoning is, in code points; 0 for none. */
public record ReasoningLength() implements Measure {
    @Override
    public String name() {
        return "reasoning_characters";
    }

    @Override
    public String title() {
        return "characters of reasoning";
    }

    @Override
    public Unit unit() {
        return Unit.CHARACTERS;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        String reasoning = reply.response().reasoning();
        return Optional.of(new Finding(reasoning == null ? 0 : Reply.characters(reasoning), ""));
    }
}

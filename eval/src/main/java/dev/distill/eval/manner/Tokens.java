package dev.distill.eval.manner;

import java.util.Optional;

/** New tokens, reasoning and answer together, as they were counted; empty where nobody counted them. */
public record Tokens() implements Measure {
    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public String title() {
        return "tokens";
    }

    @Override
    public Unit unit() {
        return Unit.TOKENS;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        long tokens = reply.response().usage().completionTokens();
        return tokens == 0 ? Optional.empty() : Optional.of(new Finding(tokens, ""));
    }
}

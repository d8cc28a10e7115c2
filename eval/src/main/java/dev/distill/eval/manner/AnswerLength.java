package dev.distill.eval.manner;

import java.util.Optional;

/** How long its answer is, in code points. */
public record AnswerLength() implements Measure {
    @Override
    public String name() {
        return "answer_characters";
    }

    @Override
    public String title() {
        return "characters of the answer";
    }

    @Override
    public Unit unit() {
        return Unit.CHARACTERS;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        return Optional.of(new Finding(Reply.characters(reply.response().answer()), ""));
    }
}

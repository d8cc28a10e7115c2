package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;

/** The model declines: at once, after thinking about rules, or after having solved the problem. */
final class Refusals {
    private static final Phrases PHRASES = Phrases.load("refusals.txt");

    private Refusals() {}

    static Draft spoil(Draft honest, Draw draw) {
        String answer = draw.pick(PHRASES.in("answer"));
        return switch (draw.below(4)) {
            case 0 -> spoilt(honest, "at_once", "", answer);
            case 1 -> spoilt(honest, "thinking_of_rules", draw.pick(PHRASES.in("thought")), answer);
            case 2 ->
                spoilt(honest, "after_the_work", honest.reasoning() + "\n" + draw.pick(PHRASES.in("late")), answer);
            default -> spoilt(honest, "only_in_the_answer", honest.reasoning(), answer);
        };
    }

    private static Draft spoilt(Draft honest, String kind, String reasoning, String answer) {
        return honest.spoilt(ContentFault.REFUSAL, kind, reasoning, answer);
    }
}

package dev.distill.teacher.embedded.fault;

import dev.distill.data.trace.FinishReason;
import dev.distill.teacher.embedded.problem.Draw;

/** The reply ends too early, as under a limit of the provider's own: in the middle of the reasoning, or of the answer. */
final class CutOffs {
    private CutOffs() {}

    static Draft spoil(Draft honest, Draw draw) {
        int answer = honest.answer().length();
        Draft cut = draw.chance(0.8)
                ? honest.spoilt(ContentFault.CUT_OFF, "in_the_reasoning", start(honest.reasoning(), draw), "")
                : honest.spoilt(
                        ContentFault.CUT_OFF,
                        "in_the_answer",
                        honest.reasoning(),
                        honest.answer().substring(0, draw.below(Math.max(1, answer))));
        return cut.ending(FinishReason.LENGTH);
    }

    /** Something from a tenth to nine tenths of the text. */
    private static String start(String text, Draw draw) {
        return text.substring(0, text.length() * draw.between(10, 90) / 100);
    }
}

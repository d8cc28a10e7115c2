package dev.distill.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * {@code plan:} what is expected of a harvest that has not begun; {@code plan} alone reads it, and only as long as there are no traces to count.
 *
 * @param prompts that will be asked; 0 to count them in their files
 * @param promptTokens of a prompt, in the mean
 * @param replyTokens of a reply, reasoning and answer, in the mean; 0 where nothing is known, which counts the most that a reply may have
 * @param kept share of the traces that curation keeps
 * @param source where these figures come from; null where nobody says
 */
public record PlanPart(
        long prompts,
        int promptTokens,
        int replyTokens,
        double kept,
        @Nullable String source) {
    static PlanPart read(Section section) {
        PlanPart part = new PlanPart(
                section.whole("prompts", 0L, 0, 1_000_000_000L),
                section.whole("prompt-tokens", 200, 1, 1_000_000),
                section.whole("reply-tokens", 0, 0, 1_000_000),
                section.real("kept", 1, 0.0001, 1),
                section.text("source"));
        section.done();
        return part;
    }
}

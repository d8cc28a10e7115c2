package dev.distill.teacher;

import dev.distill.data.shard.SaidTokens;
import dev.distill.data.trace.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * A complete reply.
 *
 * @param reasoning the chain of thought without its tags; null where there is none
 * @param answer what follows it
 * @param raw the content as it came. Where the provider sends reasoning apart, that text lies unchanged in {@code reasoning} and raw is the answer as it
 *     came; where the two alternate, or the content has parts that are neither, raw is a JSON list of the parts in their order; otherwise raw holds
 *     both, with the tags
 * @param finish why it ended
 * @param model the model's name as the provider reports it
 * @param kind whether the reasoning is the chain of thought itself
 * @param tokens its tokens with their log-probabilities; null where none were told
 */
public record Reply(
        @Nullable String reasoning,
        String answer,
        String raw,
        FinishReason finish,
        String model,
        ReasoningKind kind,
        @Nullable SaidTokens tokens) {
    /** One whose reasoning is whole, and of whose tokens nothing is told. */
    public Reply(@Nullable String reasoning, String answer, String raw, FinishReason finish, String model) {
        this(reasoning, answer, raw, finish, model, ReasoningKind.WHOLE, null);
    }

    Reply withoutTokens() {
        return new Reply(reasoning, answer, raw, finish, model, kind, null);
    }
}

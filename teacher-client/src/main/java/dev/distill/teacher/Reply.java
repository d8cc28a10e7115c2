package dev.distill.teacher;

import dev.distill.data.trace.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * A complete reply.
 *
 * @param reasoning the chain of thought without its tags; null where there is none
 * @param answer what follows it
 * @param raw the content as it came. Where the provider sends reasoning in a field of its own, that text lies unchanged in
 *     {@code reasoning} and raw is the answer as it came; otherwise raw holds both, with the tags
 * @param finish why it ended
 * @param model the model's name as the provider reports it
 */
public record Reply(@Nullable String reasoning, String answer, String raw, FinishReason finish, String model) {}

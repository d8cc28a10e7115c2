package dev.distill.train.watch;

import dev.distill.data.trace.Prompt;
import java.util.List;

/**
 * What a student is asked as it learns, always the same.
 *
 * @param prompts never trained on; empty to ask nothing
 * @param reasoning whether it is asked to reason first
 * @param maxNewTokens where an answer is cut
 */
public record SamplePrompts(List<Prompt> prompts, boolean reasoning, int maxNewTokens) {
    public SamplePrompts {
        prompts = List.copyOf(prompts);
    }
}

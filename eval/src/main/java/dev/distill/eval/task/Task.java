package dev.distill.eval.task;

import dev.distill.data.trace.Prompt;
import java.util.List;

/**
 * A set of questions with known answers, and how they are to be answered.
 *
 * @param name in reports, for example {@code math-500}
 * @param prompts each with a reference
 * @param decoding how to sample
 */
public record Task(String name, List<Prompt> prompts, Responder.Decoding decoding) {
    public Task {
        prompts = List.copyOf(prompts);
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("task " + name + ": needs at least one question");
        }
        List<String> bare = prompts.stream()
                .filter(prompt -> prompt.reference() == null)
                .map(Prompt::id)
                .toList();
        if (!bare.isEmpty()) {
            throw new IllegalArgumentException("task " + name + ": every question needs a reference answer; "
                    + bare.size() + " have none, the first is prompt " + bare.getFirst());
        }
    }
}

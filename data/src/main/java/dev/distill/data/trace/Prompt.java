package dev.distill.data.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a teacher, or a student under evaluation, is asked.
 *
 * @param id the same for the same conversation, see {@link #of}
 * @param messages the conversation so far; the last message is the user's
 * @param reference the known right answer, for verification; null where there is none
 * @param source where the prompt comes from, for lineage: a file name, a data set id
 */
public record Prompt(
        String id, List<Message> messages, @Nullable String reference, String source) {
    public Prompt {
        messages = List.copyOf(messages);
        if (messages.isEmpty() || messages.getLast().role() != Role.USER) {
            throw new IllegalArgumentException("prompt " + id + ": the last message must be the user's; got "
                    + (messages.isEmpty()
                            ? "no message"
                            : messages.getLast().role().word()));
        }
    }

    /** A prompt whose id is the hash of its messages, so that the same question asked twice is one prompt. */
    public static Prompt of(List<Message> messages, @Nullable String reference, String source) {
        List<String> parts = new ArrayList<>();
        for (Message message : messages) {
            parts.add(message.role().word());
            parts.add(message.content());
        }
        return new Prompt(Hash.of(parts), messages, reference, source);
    }

    /** The last user message: the question itself. */
    public String question() {
        return messages.getLast().content();
    }
}

package dev.distill.data.trace;

import java.util.Locale;

/** Who speaks in a {@link Message}, in the words of the chat APIs and chat templates. */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL;

    /** The word used on the wire, in templates and on disk: {@code system}, {@code user}, {@code assistant}, {@code tool}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role with this word; "human" and "gpt" (ShareGPT) and "developer" (OpenAI) are understood too. */
    public static Role of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "system", "developer" -> SYSTEM;
            case "user", "human" -> USER;
            case "assistant", "gpt", "model" -> ASSISTANT;
            case "tool", "function" -> TOOL;
            default ->
                throw new IllegalArgumentException(
                        "message: role must be one of system, user, assistant, tool; got \"" + word + "\"");
        };
    }
}

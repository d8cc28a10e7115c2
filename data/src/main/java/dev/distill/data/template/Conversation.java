package dev.distill.data.template;

import dev.distill.data.trace.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template renders.
 *
 * @param messages each with {@code role} and {@code content}, and whatever else the template knows ({@code tool_calls},
 *     {@code reasoning_content}): plain data, as JSON has it
 * @param tools their JSON schemas; none where empty
 * @param addGenerationPrompt whether the text ends where the assistant is about to speak
 * @param variables further ones that this template reads, for example {@code enable_thinking}
 */
public record Conversation(
        List<? extends Map<String, ? extends @Nullable Object>> messages,
        List<? extends Map<String, ? extends @Nullable Object>> tools,
        boolean addGenerationPrompt,
        Map<String, ? extends @Nullable Object> variables) {

    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        variables = Collections.unmodifiableMap(new HashMap<String, @Nullable Object>(variables));
    }

    /** These messages, without tools, up to the end of the last one. */
    public static Conversation of(List<Message> messages) {
        List<Map<String, String>> plain = new ArrayList<>();
        for (Message message : messages) {
            plain.add(Map.of("role", message.role().word(), "content", message.content()));
        }
        return new Conversation(plain, List.of(), false, Map.of());
    }

    /** The same, ready for the assistant to speak. */
    public Conversation withGenerationPrompt() {
        return new Conversation(messages, tools, true, variables);
    }

    /** The same, after the assistant has answered this. */
    public Conversation withAnswer(String content) {
        return saying(Map.of("role", "assistant", "content", content));
    }

    /**
     * The same, after the assistant has answered this with this reasoning. It stands apart from the content, as {@code
     * reasoning_content}, where templates that know of it look for it; whether it is shown again is theirs to say.
     */
    public Conversation withAnswer(String reasoning, String content) {
        return reasoning.isEmpty()
                ? withAnswer(content)
                : saying(Map.of("role", "assistant", "reasoning_content", reasoning, "content", content));
    }

    /** The same, after this was said. */
    public Conversation with(Message message) {
        return saying(Map.of("role", message.role().word(), "content", message.content()));
    }

    private Conversation saying(Map<String, ? extends @Nullable Object> message) {
        List<Map<String, ? extends @Nullable Object>> turns = new ArrayList<>(messages);
        turns.add(message);
        return new Conversation(turns, tools, false, variables);
    }

    /** The same, with these further variables. */
    public Conversation withVariables(Map<String, ? extends @Nullable Object> more) {
        Map<String, @Nullable Object> all = new HashMap<>(variables);
        all.putAll(more);
        return new Conversation(messages, tools, addGenerationPrompt, all);
    }
}

package dev.distill.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.template.Conversation;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads requests to {@code /v1/chat/completions}. */
final class ChatReader {
    private static final String MESSAGES = "messages";
    private static final String CONTENT = "content";
    private static final int MOST_MESSAGES = 1024;
    private static final int MOST_LIKELIEST = 20;

    private final CommonReader common;

    ChatReader(CommonReader common) {
        this.common = common;
    }

    /** A conversation, and what its dice are called by: the id that a prompt of these messages has elsewhere. */
    private record Talk(Conversation conversation, String name) {}

    Order read(byte[] body) throws ApiError {
        Fields fields = Fields.of(StrictJson.read(body));
        Lane lane = common.lane(fields);
        Order.Common wishes = common.read(fields);
        OptionalLong maxTokens = CommonReader.maxTokensOfChat(fields);
        Order.Told told = told(fields);
        refuse(fields);
        Talk talk = talk(fields);
        fields.refuseOthers();
        List<Order.Prompt> prompts = List.of(prompt(lane, talk));
        int limit = common.limit(lane, maxTokens, common.newTokens(), prompts, MESSAGES);
        return CommonReader.requireTellable(new Order(lane, prompts, wishes, limit, told), "logprobs");
    }

    private static Order.Told told(Fields fields) throws ApiError {
        boolean logprobs = fields.flag("logprobs", false);
        int likeliest = fields.whole("top_logprobs", 0, MOST_LIKELIEST, 0);
        if (likeliest > 0 && !logprobs) {
            throw ApiError.invalid("top_logprobs", "top_logprobs needs logprobs to be true");
        }
        return new Order.Told(logprobs, likeliest, false, false);
    }

    /** What other servers follow and this one does not. */
    private static void refuse(Fields fields) throws ApiError {
        fields.refuse("tools", "[]");
        fields.refuse("tool_choice", "\"none\"", "\"auto\"");
        fields.refuse("functions", "[]");
        fields.refuse("function_call", "\"none\"", "\"auto\"");
        fields.refuse("parallel_tool_calls", "true", "false"); // of tools, of which there are none
        fields.refuse("response_format", "{\"type\":\"text\"}");
        fields.refuse("modalities", "[\"text\"]");
        fields.refuse("reasoning_effort");
        fields.refuse("include_reasoning", "true");
        fields.refuse("add_generation_prompt", "true");
        fields.refuse("continue_final_message", "false");
        fields.refuse("chat_template");
        fields.refuse("chat_template_kwargs", "{}");
    }

    private static Talk talk(Fields fields) throws ApiError {
        JsonNode messages = fields.value(MESSAGES)
                .orElseThrow(
                        () -> ApiError.invalid(MESSAGES, "messages must be given: a list of at least one message"));
        if (!messages.isArray() || messages.isEmpty() || messages.size() > MOST_MESSAGES) {
            throw ApiError.invalid(
                    MESSAGES,
                    "messages must be a list of 1 to " + MOST_MESSAGES + "; got "
                            + (messages.isArray() ? messages.size() + " of them" : Fields.shown(messages)));
        }
        Conversation conversation = Conversation.of(List.of());
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Fields message = Fields.of(messages.get(i), "messages[" + i + "]");
            Role role = role(message);
            String content = content(message, role);
            String reasoning = role == Role.ASSISTANT ? reasoning(message) : "";
            message.ignore("name", "id", "status", "metadata", "cache_control"); // no template of ours shows them
            message.refuse("tool_calls", "[]");
            message.refuse("refusal");
            message.refuse("audio");
            message.refuse("annotations", "[]");
            message.refuse("function_call");
            message.refuseOthers();
            conversation = role == Role.ASSISTANT
                    ? conversation.withAnswer(reasoning, content)
                    : conversation.with(new Message(role, content));
            parts.addAll(List.of(role.word(), content));
            if (!reasoning.isEmpty()) {
                parts.add(reasoning);
            }
        }
        return new Talk(conversation, Hash.of(parts));
    }

    private static Role role(Fields message) throws ApiError {
        return switch (message.text("role").orElse("")) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            default ->
                throw ApiError.invalid(
                        message.name("role"),
                        message.name("role") + " must be one of system, developer, user, assistant; got "
                                + message.value("role").map(Fields::shown).orElse("none"));
        };
    }

    /** Under the name that DeepSeek has for it, or under the newer one of others. */
    private static String reasoning(Fields message) throws ApiError {
        Optional<String> content = message.text("reasoning_content");
        Optional<String> reasoning = message.text("reasoning");
        if (content.isPresent() && reasoning.isPresent() && !content.equals(reasoning)) {
            throw ApiError.invalid(
                    message.name("reasoning"),
                    message.name("reasoning")
                            + " and reasoning_content are the same text under two names; got two texts");
        }
        return content.or(() -> reasoning).orElse("");
    }

    /** A string, or a list of parts that are text; of an answer it may be null, as of one that had no text. */
    private static String content(Fields message, Role role) throws ApiError {
        JsonNode content = message.value(CONTENT).orElse(null);
        if (content == null) {
            if (role == Role.ASSISTANT) {
                return "";
            }
            throw ApiError.invalid(message.name(CONTENT), message.name(CONTENT) + " must be given: a string");
        }
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw message.wrong(CONTENT, "must be a string or a list of parts", content);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            Fields part = Fields.of(content.get(i), message.name(CONTENT) + "[" + i + "]");
            String type = part.text("type").orElse("");
            if (!type.equals("text")) {
                throw ApiError.unsupported(
                        part.name("type"), part.name("type") + " must be text, this model reads no other; got " + type);
            }
            text.append(part.text("text")
                    .orElseThrow(() -> ApiError.invalid(part.name("text"), part.name("text") + " must be given")));
            part.ignore("cache_control");
            part.refuse("annotations", "[]");
            part.refuseOthers();
        }
        return text.toString();
    }

    private static Order.Prompt prompt(Lane lane, Talk talk) throws ApiError {
        try {
            SampleRenderer renderer = lane.language().renderer();
            String text = renderer.prompt(talk.conversation, true);
            return new Order.Prompt(lane.encode(text, MESSAGES), text, renderer.start(text), talk.name, 0);
        } catch (TemplateException | RenderException e) {
            throw ApiError.invalid(
                    MESSAGES, "the chat template of " + lane.name() + " refuses this: " + e.getMessage());
        }
    }
}

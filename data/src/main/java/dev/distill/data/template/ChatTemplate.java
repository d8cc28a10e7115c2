package dev.distill.data.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.template.jinja.JinjaTemplate;
import dev.distill.data.template.jinja.Limits;
import dev.distill.data.template.jinja.Rendering;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The template that comes with a model and turns a conversation into its text. Renders as Hugging Face transformers'
 * {@code apply_chat_template} does: {@code messages}, {@code tools}, {@code documents}, {@code add_generation_prompt} and
 * the special tokens ({@code bos_token}, {@code eos_token} ...) are the variables that a template sees. Immutable.
 */
public final class ChatTemplate {
    private static final List<String> SPECIAL_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JinjaTemplate template;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(JinjaTemplate template, Map<String, String> specialTokens, Clock clock) {
        this.template = template;
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
    }

    /**
     * A template from its text.
     *
     * @param specialTokens name to text, for example {@code eos_token} to {@code <|im_end|>}
     * @throws TemplateException if it is no template
     */
    public static ChatTemplate of(String source, Map<String, String> specialTokens) {
        return new ChatTemplate(JinjaTemplate.parse(source), specialTokens, Clock.system(ZoneId.systemDefault()));
    }

    /** The template {@code default} of a model's folder, or its only one; see {@link #of(Path, String)}. */
    public static ChatTemplate of(Path folder) {
        return of(folder, "default");
    }

    /**
     * A template of a model's folder: {@code chat_template.jinja} and {@code additional_chat_templates/NAME.jinja}, or else
     * {@code chat_template} in {@code tokenizer_config.json}, which is one text or a list of named ones. The special tokens
     * are those of {@code tokenizer_config.json} and {@code special_tokens_map.json}.
     *
     * @param name {@code default}, {@code tool_use}, {@code rag} ...
     * @throws TemplateException if there is no such template, or it cannot be read
     */
    public static ChatTemplate of(Path folder, String name) {
        try {
            Map<String, String> tokens = new HashMap<>();
            JsonNode config = json(folder.resolve("tokenizer_config.json"));
            readTokens(json(folder.resolve("special_tokens_map.json")), tokens);
            readTokens(config, tokens);
            Map<String, String> sources = sources(folder, config);
            String source = sources.get(name);
            if (source == null) {
                throw new TemplateException(folder + " has no template \"" + name + "\"; it has "
                        + (sources.isEmpty() ? "none: a base model? give a template of your own" : sources.keySet()));
            }
            return of(source, tokens);
        } catch (IOException e) {
            throw new TemplateException(folder + " cannot be read: " + e);
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
    }

    private static void readTokens(JsonNode config, Map<String, String> tokens) {
        for (String name : SPECIAL_TOKENS) {
            JsonNode token = config.path(name);
            JsonNode text = token.isObject() ? token.path("content") : token;
            if (text.isTextual()) {
                tokens.put(name, text.textValue());
            }
        }
    }

    private static Map<String, String> sources(Path folder, JsonNode config) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        JsonNode inConfig = config.path("chat_template");
        if (inConfig.isTextual()) {
            sources.put("default", inConfig.textValue());
        }
        for (JsonNode named : inConfig) {
            sources.put(named.path("name").asText(), named.path("template").asText());
        }
        Path file = folder.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            sources.put("default", Files.readString(file));
        }
        Path more = folder.resolve("additional_chat_templates");
        if (Files.isDirectory(more)) {
            try (var files = Files.newDirectoryStream(more, "*.jinja")) {
                for (Path other : files) {
                    String name = other.getFileName().toString();
                    sources.put(name.substring(0, name.length() - ".jinja".length()), Files.readString(other));
                }
            }
        }
        return sources;
    }

    /** Names its text and its special tokens. */
    String fingerprint() {
        return Hash.of(List.of(source(), new TreeMap<>(specialTokens).toString()));
    }

    /** The same template with another clock: some print today's date, which makes samples differ from day to day. */
    public ChatTemplate with(Clock other) {
        return new ChatTemplate(template, specialTokens, other);
    }

    /** Renders messages; with a generation prompt, the text ends where the assistant is about to speak. */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        Conversation conversation = Conversation.of(messages);
        return render(addGenerationPrompt ? conversation.withGenerationPrompt() : conversation)
                .text();
    }

    /**
     * Renders a conversation, with the places of what the assistant says where the template marks them.
     *
     * @throws TemplateException if the template fails, refuses the conversation, or does too much
     */
    public Rendering render(Conversation conversation) {
        Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", conversation.messages());
        variables.put("tools", conversation.tools().isEmpty() ? null : conversation.tools());
        variables.put("documents", null);
        variables.put("add_generation_prompt", conversation.addGenerationPrompt());
        variables.putAll(conversation.variables());
        return template.render(variables, ZonedDateTime.now(clock), Limits.DEFAULT);
    }

    /** The text of a special token by its name, for example {@code eos_token}; null where there is none. */
    public @Nullable String specialToken(String name) {
        return specialTokens.get(name);
    }

    /** The template's text. */
    public String source() {
        return template.source();
    }
}

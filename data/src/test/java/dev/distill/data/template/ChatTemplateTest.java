package dev.distill.data.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.template.jinja.Rendering;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.trace.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final List<Message> HI = List.of(Message.user("hi"));

    @TempDir
    Path folder;

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }

    @Test
    void readsTheTemplateAndTheTokensOfAConfig() throws IOException {
        write("tokenizer_config.json", """
                {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "pad_token": null,
                 "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ pad_token is defined }}"}
                """);
        assertThat(ChatTemplate.of(folder).render(HI, false)).isEqualTo("<s>hi</s>False");
        write("special_tokens_map.json", "{\"eos_token\": \"other\", \"pad_token\": \"<pad>\"}");
        assertThat(ChatTemplate.of(folder).render(HI, false)).isEqualTo("<s>hi</s>True");
    }

    @Test
    void readsNamedTemplatesAndPrefersTheFileOfItsOwn() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "default", "template": "d"}, {"name": "tool_use", "template": "t"}]}
                """);
        assertThat(ChatTemplate.of(folder).source()).isEqualTo("d");
        assertThat(ChatTemplate.of(folder, "tool_use").source()).isEqualTo("t");
        write("chat_template.jinja", "file");
        write("additional_chat_templates/rag.jinja", "rag");
        assertThat(ChatTemplate.of(folder).source()).isEqualTo("file");
        assertThat(ChatTemplate.of(folder, "rag").source()).isEqualTo("rag");
        assertThatThrownBy(() -> ChatTemplate.of(folder, "none"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("has no template \"none\"; it has [default, tool_use, rag]");
    }

    @Test
    void saysThatABaseModelHasNone() throws IOException {
        write("tokenizer_config.json", "{}");
        assertThatThrownBy(() -> ChatTemplate.of(folder)).hasMessageContaining("it has none: a base model?");
        write("tokenizer_config.json", "{");
        assertThatThrownBy(() -> ChatTemplate.of(folder)).isInstanceOf(TemplateException.class);
    }

    @Test
    void givesToolsAndVariables() {
        ChatTemplate template = ChatTemplate.of(
                "{{ tools is none }} {% for t in tools or [] %}{{ t | tojson }}{% endfor %} {{ enable_thinking }}"
                        + " {{ add_generation_prompt }}",
                Map.of());
        assertThat(template.render(HI, true)).isEqualTo("True   True");
        Conversation conversation =
                new Conversation(List.of(), List.of(Map.of("name", "é")), false, Map.of("enable_thinking", false));
        assertThat(template.render(conversation).text()).isEqualTo("False {\"name\": \"é\"} False False");
    }

    @Test
    void tellsWhatTheAssistantSays() {
        Rendering rendering = ChatTemplate.of(
                        "{% for m in messages %}[{% if m.role == 'assistant' %}{% generation %}{{ m.content }}"
                                + "{% endgeneration %}{% else %}{{ m.content }}{% endif %}]{% endfor %}",
                        Map.of())
                .render(Conversation.of(List.of(
                        Message.user("q"), Message.assistant("one"), Message.user("q"), Message.assistant("two"))));
        assertThat(rendering.text()).isEqualTo("[q][one][q][two]");
        assertThat(rendering.complete()).isTrue();
        assertThat(rendering.generated())
                .extracting(span -> rendering.text().substring(span.start(), span.end()))
                .containsExactly("one", "two");
    }

    @Test
    void printsTheDateOfItsClock() {
        Clock clock = Clock.fixed(Instant.parse("2026-03-05T23:59:00Z"), ZoneOffset.UTC);
        ChatTemplate template = ChatTemplate.of("{{ strftime_now('%d %b %Y, %A %-d %H:%M %j %p') }}", Map.of());
        assertThat(template.with(clock).render(HI, false)).isEqualTo("05 Mar 2026, Thursday 5 23:59 064 PM");
    }
}

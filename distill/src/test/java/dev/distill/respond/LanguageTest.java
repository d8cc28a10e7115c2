package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.trace.Message;
import dev.distill.student.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageTest {
    private final Path folder;

    LanguageTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void writeTokenizer() throws IOException {
        TinyStudent.writeTokenizer(folder);
    }

    private int id(Language language, String token) {
        return language.tokenizer().id(token).orElseThrow();
    }

    @Test
    void aReplyEndsWhereConfigGenerationConfigOrTemplateSay() throws IOException {
        ModelConfig config = TinyStudent.config(folder);
        try (Language language = Language.open(folder)) {
            assertThat(language.endIds(config))
                    .containsExactlyInAnyOrder(
                            id(language, TinyStudent.END_OF_TEXT), id(language, TinyStudent.END_OF_TURN));
            Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [7, 9]}");
            assertThat(language.endIds(config)).hasSize(4).contains(7, 9);
            Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 8}");
            assertThat(language.endIds(config)).hasSize(3).contains(8);
        }
    }

    @Test
    void aBaseModelWithoutATemplateHasWordsButCannotBeAsked() throws IOException {
        ModelConfig config = TinyStudent.config(folder);
        removeTemplate();
        try (Language language = Language.open(folder)) {
            int[] ids = language.tokenizer().encode("two and two");
            assertThat(language.tokenizer().decode(ids, false)).isEqualTo("two and two");
            assertThat(language.endIds(config)).containsExactly(id(language, TinyStudent.END_OF_TEXT));
            assertThatThrownBy(language::renderer)
                    .isInstanceOf(TemplateException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("no template");
        }
    }

    @Test
    void aTemplateThatCannotBeReadStopsOnlyThoseWhoAsk() throws IOException {
        removeTemplate();
        Files.writeString(folder.resolve("chat_template.jinja"), "{% for m in messages %}");
        try (Language language = Language.open(folder)) {
            assertThat(language.tokenizer().encode("two")).isNotEmpty();
            assertThatThrownBy(language::renderer).isInstanceOf(TemplateException.class);
        }
    }

    @Test
    void withATemplateItRendersPrompts() throws IOException {
        try (Language language = Language.open(folder)) {
            assertThat(language.renderer().prompt(List.of(Message.user("Hi")), true))
                    .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
        }
    }

    @Test
    void theTemplateSaysWhatStandsAroundTheReasoning() throws IOException {
        try (Language language = Language.open(folder)) {
            assertThat(language.markers()).isEqualTo(ThinkMarkers.THINK);
        }
        removeTemplate();
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "[SYSTEM]Think between [THINK] and [/THINK].{% for m in messages %}{{ m['content'] + '<|im_end|>' }}"
                        + "{% endfor %}");
        try (Language language = Language.open(folder)) {
            assertThat(language.markers()).isEqualTo(new ThinkMarkers("[THINK]", "[/THINK]"));
            ReplyStream stream = ReplyStream.of(language, ReasoningSplitter.Start.IN_COMPLETION, List.of());
            for (int id : language.tokenizer().encode("[THINK]So.[/THINK]Four.")) {
                stream.add(id);
            }
            stream.finish();
            assertThat(stream.reasoning() + "|" + stream.answer()).isEqualTo("So.|Four.");
        }
    }

    private void removeTemplate() throws IOException {
        Files.deleteIfExists(folder.resolve("chat_template.jinja"));
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, Files.readString(config).replace("\"chat_template\"", "\"another_key\""));
    }
}

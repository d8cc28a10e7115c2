package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFileTest {
    @TempDir
    Path folder;

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("prompts.jsonl"), String.join("\n", lines));
    }

    private static Prompt prompt(String question, String reference) {
        return Prompt.of(List.of(Message.user(question)), reference, "prompts.jsonl");
    }

    @Test
    void theNamesThatPeopleUse() throws IOException {
        PromptSet set = PromptFile.read(
                file(
                        "{\"prompt\": \"a\", \"reference\": \"1\", \"other\": [1]}",
                        "{\"question\": \"b\", \"answer\": \"2 + 3 = 5\\n#### 5 \"}",
                        "",
                        "{\"problem\": \"c\", \"answer\": \"\\\\frac{1}{2}\", \"solution\": \"long\"}",
                        "{\"problem\": \"d\", \"expected_answer\": 204, \"answer\": \"not this\"}",
                        "{\"problem\": \"e\", \"answer\": 0.10}",
                        "{\"question\": \"f\", \"answer\": null}\r"),
                PromptFormat.PLAIN);
        assertThat(set.prompts())
                .containsExactly(
                        prompt("a", "1"),
                        prompt("b", "5"),
                        prompt("c", "\\frac{1}{2}"),
                        prompt("d", "204"),
                        prompt("e", "0.10"),
                        Prompt.of(List.of(Message.user("f")), null, "prompts.jsonl"));
        assertThat(set.lines()).isEqualTo(6);
    }

    @Test
    void conversationsSystemPromptAndTemplate() throws IOException {
        PromptFormat format = PromptFormat.PLAIN
                .withSystem("Think.")
                .withTemplate("Q: {question}\nA:")
                .withSource("my set");
        PromptSet set = PromptFile.read(
                file(
                        "{\"question\": \"b\"}",
                        "{\"messages\": [{\"role\": \"system\", \"content\": \"own\"}, {\"role\": \"user\", \"content\": \"a\"}]}",
                        "{\"prompt\": [{\"role\": \"user\", \"content\": \"x\"}, {\"role\": \"assistant\", \"content\": \"y\"},"
                                + " {\"role\": \"user\", \"content\": \"z\"}]}"),
                format);
        assertThat(set.prompts().get(0).messages()).containsExactly(Message.system("Think."), Message.user("Q: b\nA:"));
        assertThat(set.prompts().get(0).source()).isEqualTo("my set");
        assertThat(set.prompts().get(1).messages()).containsExactly(Message.system("own"), Message.user("Q: a\nA:"));
        assertThat(set.prompts().get(2).messages())
                .containsExactly(
                        Message.system("Think."), Message.user("x"), Message.assistant("y"), Message.user("Q: z\nA:"));
        assertThatThrownBy(() -> PromptFormat.PLAIN.withTemplate("no place"))
                .hasMessageContaining("prompts.template: must contain {question}, got \"no place\"");
    }

    @Test
    void duplicatesAreDroppedAndCountedAndTheRangeCountsPrompts() throws IOException {
        Path file = file(
                "{\"question\": \"a\", \"answer\": \"1\"}",
                "{\"question\": \"a\", \"answer\": \"1\"}",
                "{\"question\": \"b\", \"answer\": \"2\"}",
                "{\"question\": \"a\", \"answer\": \"7\"}",
                "{\"question\": \"c\", \"answer\": \"3\"}",
                "{\"question\": \"d\", \"answer\": \"4\"}");
        assertThat(PromptFile.read(file, PromptFormat.PLAIN))
                .isEqualTo(new PromptSet(
                        List.of(prompt("a", "1"), prompt("b", "2"), prompt("c", "3"), prompt("d", "4")), 6, 2, 1));
        assertThat(PromptFile.read(file, PromptFormat.PLAIN.withRange(1, 2)).prompts())
                .containsExactly(prompt("b", "2"), prompt("c", "3"));
    }

    @Test
    void allBadLinesAreReportedTogether() throws IOException {
        Path file = file(
                "\ufeff{\"question\": \"fine\"}",
                "{\"question\": ",
                "[1]",
                "{\"question\": \"a\", \"problem\": \"b\"}",
                "{\"text\": \"a\"}",
                "{\"question\": \" \"}",
                "{\"question\": \"a\", \"answer\": {\"x\": 1}}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}",
                "{\"messages\": [{\"role\": \"king\", \"content\": \"a\"}]}",
                "{\"messages\": []}",
                "{\"question\": \"a\"} {\"question\": \"b\"}");
        byte[] notUtf8 = {'\n', '"', (byte) 0xff, '"'};
        Files.write(file, notUtf8, StandardOpenOption.APPEND);

        assertThatThrownBy(() -> PromptFile.read(file, PromptFormat.PLAIN))
                .isInstanceOf(IntakeException.class)
                .hasMessageStartingWith("prompts " + file + ": 11 of its lines cannot be used:")
                .hasMessageContaining("line 2: is no JSON (")
                .hasMessageContaining("line 3: must be a JSON object, got a list")
                .hasMessageContaining(
                        "line 4: must have exactly one of prompt, question, problem, messages; has question and problem")
                .hasMessageContaining("line 5: must have exactly one of prompt, question, problem, messages; has none")
                .hasMessageContaining("line 6: question: must be a text that is not empty, got an empty one")
                .hasMessageContaining("line 7: answer: must be a text or a number, got an object")
                .hasMessageContaining("line 8: messages: the last message must be the user's, got assistant")
                .hasMessageContaining(
                        "line 9: message: role must be one of system, user, assistant, tool; got \"king\"")
                .hasMessageContaining("line 10: messages: must have at least one message")
                .hasMessageContaining("line 11: is no JSON (")
                .hasMessageContaining("line 12: is not UTF-8");
    }

    @Test
    void manyBadLinesAreCounted() throws IOException {
        Path file = Files.write(folder.resolve("many.jsonl"), "x\n".repeat(50).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> PromptFile.read(file, PromptFormat.PLAIN))
                .hasMessageContaining("50 of its lines")
                .hasMessageContaining("line 20: ")
                .hasMessageEndingWith("and 30 more");
    }
}

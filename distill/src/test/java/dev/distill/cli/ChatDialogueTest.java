package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.pipeline.Stop;
import dev.distill.respond.Chat;
import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who types at a terminal. */
class ChatDialogueTest {
    private static final String DIM = "\u001b[2m";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Console console = new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            new Terminal(true, true, true, 80),
            new Console.Style(false, false, true, false));

    private ObjectNode talk(Path model, String typed) throws IOException {
        try (Ops ops = new CpuOps();
                Student student = Student.open("tiny", model, null, ops);
                Chat chat = new Chat(student, new Chat.Settings(new Sampling(1, 0, 1), 3, 8, List.of(), 100))) {
            ChatDialogue dialogue = new ChatDialogue(chat, "tiny", console);
            dialogue.talk(new StringReader(typed));
            return dialogue.result();
        }
    }

    @Test
    void theAnswerStandsBetweenPrompts(@TempDir Path folder) throws IOException {
        ObjectNode result = talk(TinyStudent.write(folder, 1), "Count\n");
        String answer = result.at("/turns/0/answer").asText();
        assertThat(out.toString()).isEqualToNormalizingNewlines("> " + answer + "\n> \n");
        assertThat(err.toString()).contains("tiny; /reset, /system TEXT, /exit or Ctrl-D; Ctrl-C stops an answer");
    }

    /** In a terminal of 80 columns no line of the commands, nor a pair of tags, is broken. */
    @Test
    void theHelpIsReadable() {
        Said said = Said.by("chat", "--help");
        assertThat(said.out().lines())
                .contains(
                        "  /system TEXT  begins anew with this system message; an empty TEXT is none",
                        "reasoning dimmed; elsewhere it comes whole, with its reasoning between <think>",
                        "and </think>, and nothing else is written to stdout.");
    }

    @Test
    void reasoningIsDimmed(@TempDir Path folder) throws IOException {
        TinyStudent.write(folder, 1);
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m['role'] + m['content'] + '<|im_end|>' }}{% endfor %}"
                        + "{% if add_generation_prompt %}{{ 'assistant<think>' }}{% endif %}");
        ObjectNode result = talk(folder, "Count\n/exit\n");
        String reasoning = result.at("/turns/0/reasoning").asText();
        assertThat(reasoning).isNotEmpty();
        assertThat(out.toString()).contains(DIM);
        assertThat(out.toString().replaceAll("\u001b\\[[02]m", ""))
                .isEqualToNormalizingNewlines("> " + reasoning + "\n> ");
    }

    @Test
    void aLineThatCannotBeAnsweredIsToldAndTheNextIsTaken(@TempDir Path folder) throws IOException {
        ObjectNode result =
                talk(TinyStudent.write(folder, 1), "/rest\n" + "too long ".repeat(100) + "\nCount\n/exit\n");
        assertThat(err.toString())
                .contains(
                        "warning: chat: a line that begins with / must be",
                        "warning: chat: the conversation has come to");
        assertThat(result.path("turns")).hasSize(1);
    }

    @Test
    void ctrlCStopsAnAnswerAndTwiceLeaves() {
        List<Integer> left = new ArrayList<>();
        try (AnswerInterrupt interrupt = new AnswerInterrupt(console, left::add)) {
            Stop first = interrupt.begin();
            interrupt.take(2);
            assertThat(first.getAsBoolean()).isTrue();
            interrupt.end();
            assertThat(left).isEmpty();

            Stop second = interrupt.begin();
            assertThat(second.getAsBoolean()).isFalse();
            interrupt.end();
            interrupt.take(2);
            assertThat(second.getAsBoolean()).as("it had ended").isFalse();
            assertThat(err.toString()).contains("once more to leave");
            assertThat(left).isEmpty();
            interrupt.take(2);
            assertThat(left).containsExactly(ExitCode.INTERRUPTED);
        }
    }
}

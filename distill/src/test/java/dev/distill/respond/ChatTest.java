package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.FinishReason;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTest {
    private static final Chat.Settings SETTINGS = new Chat.Settings(new Sampling(1, 0, 1), 3, 12, List.of(), 200);

    /** Ends its prompt inside the reasoning, and shows that of earlier turns in brackets. */
    private static final String OPEN = """
            {%- for m in messages -%}
            {{- '[' + m['role'] + ']' + ('(' + m['reasoning_content'] + ')' if m['reasoning_content'] else '') -}}
            {{- m['content'] + '<|im_end|>' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '[assistant]<think>' -}}{%- endif -%}""";

    private final Path folder;
    private final Ops ops = new CpuOps();

    ChatTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void write() throws IOException {
        TinyStudent.write(folder, 1);
    }

    @AfterEach
    void close() {
        ops.close();
    }

    private static Chat.Turn say(Chat chat, String message) {
        return chat.say(message, () -> false, piece -> {});
    }

    private static int tokens(Student student, String text) {
        return student.language().tokenizer().encode(text).length;
    }

    @Test
    void aTurnReadsAllThatWasSaidAndComputesOnlyWhatIsNew() throws IOException {
        try (Student student = Student.open(folder, null, ops);
                Chat chat = new Chat(student, SETTINGS)) {
            chat.system("Be brief.");
            Chat.Turn first = say(chat, "What is two and two?");
            Chat.Turn second = say(chat, "And three?");

            String begun = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is two and two?<|im_end|>\n"
                    + "<|im_start|>assistant\n";
            assertThat(first.promptTokens()).isEqualTo(tokens(student, begun));
            assertThat(first.cachedTokens()).isZero();
            assertThat(second.promptTokens())
                    .isEqualTo(tokens(
                            student,
                            begun + first.reply().answer()
                                    + "<|im_end|>\n<|im_start|>user\nAnd three?<|im_end|>\n<|im_start|>assistant\n"));
            assertThat(second.cachedTokens()).isBetween(first.promptTokens(), second.promptTokens() - 1);
        }
    }

    @Test
    void reasoningOfEarlierTurnsIsTheTemplatesToShow() throws IOException {
        Files.writeString(folder.resolve("chat_template.jinja"), OPEN);
        try (Student student = Student.open(folder, null, ops);
                Chat chat = new Chat(student, SETTINGS)) {
            List<String> heard = new ArrayList<>();
            Chat.Turn first = chat.say("Count", () -> false, piece -> heard.add(piece.reasoning()));
            assertThat(first.reply().answer()).as("the reasoning does not end").isEmpty();
            assertThat(first.reply().reasoning()).isNotEmpty().isEqualTo(String.join("", heard));
            assertThat(say(chat, "Go on").promptTokens())
                    .isEqualTo(tokens(
                            student,
                            "[user]Count<|im_end|>[assistant](" + first.reply().reasoning()
                                    + ")<|im_end|>[user]Go on<|im_end|>[assistant]<think>"));
        }
    }

    @Test
    void aConversationBegunAnewIsTheSameAgain() throws IOException {
        try (Student student = Student.open(folder, null, ops);
                Chat chat = new Chat(student, SETTINGS)) {
            chat.system("Be brief.");
            TextGenerator.Text first = say(chat, "Count").reply();
            TextGenerator.Text second = say(chat, "Count").reply();
            chat.reset();
            assertThat(say(chat, "Count").reply()).isEqualTo(first);
            assertThat(say(chat, "Count").reply()).isEqualTo(second);
            chat.system("");
            assertThat(say(chat, "Count").reply()).isNotEqualTo(first);
        }
    }

    @Test
    void anAnswerThatIsStoppedStaysAsItIs() throws IOException {
        try (Student student = Student.open(folder, null, ops);
                Chat chat = new Chat(student, SETTINGS)) {
            TextGenerator.Text whole = say(chat, "Count").reply();
            chat.reset();
            int[] asked = {0};
            TextGenerator.Text stopped =
                    chat.say("Count", () -> ++asked[0] == 3, piece -> {}).reply();
            assertThat(whole.newTokens()).isGreaterThan(3);
            assertThat(stopped.newTokens()).isEqualTo(3);
            assertThat(stopped.finish()).isEqualTo(FinishReason.OTHER);
            assertThat(whole.answer()).startsWith(stopped.answer());
            assertThat(say(chat, "Go on").promptTokens())
                    .isEqualTo(tokens(
                            student,
                            "<|im_start|>user\nCount<|im_end|>\n<|im_start|>assistant\n" + stopped.answer()
                                    + "<|im_end|>\n<|im_start|>user\nGo on<|im_end|>\n<|im_start|>assistant\n"));
        }
    }

    @Test
    void aConversationThatIsTooLongSaysSoAndStaysAsItWas() throws IOException {
        try (Student student = Student.open(folder, null, ops);
                Chat chat = new Chat(student, SETTINGS)) {
            assertThatThrownBy(() -> say(chat, "What is two and two? ".repeat(300)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("chat: the conversation has come to \\d+ tokens, and there is room for 200;"
                            + " begin anew, or allow more if the model takes more \\(256\\)");
            assertThat(say(chat, "Count").promptTokens())
                    .isEqualTo(tokens(student, "<|im_start|>user\nCount<|im_end|>\n<|im_start|>assistant\n"));
        }
    }
}

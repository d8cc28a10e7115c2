package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Message;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer with a token that its model has no embedding for. */
@Timeout(60)
class UnknownTokenTest {
    @TempDir
    Path folder;

    private Ops ops;
    private Student student;

    @BeforeEach
    void open() throws IOException {
        ops = new CpuOps(1);
        student = Student.open(TinyStudent.writeWithoutLastToken(folder.resolve("tiny"), 5), null, ops);
    }

    @AfterEach
    void close() {
        student.close();
        ops.close();
    }

    @Test
    void aTextWithSuchATokenIsRefusedByIt() {
        int last = student.config().vocabulary();
        String refusal = "tiny: this text holds the token </think>, number " + last
                + ", and the model has embeddings of " + last
                + " alone; leave it out, or take the tokenizer that the model was trained with";
        assertThat(student.encode("Two <think>and")).isNotEmpty();
        assertThatThrownBy(() -> student.encode("Two </think>and")).hasMessage(refusal);
        TextGenerator.Request request =
                new TextGenerator.Request("Two </think>and", null, Sampling.GREEDY, 1, 5, List.of());
        assertThatThrownBy(() -> new TextGenerator(student, 1)
                        .generate(List.of(request), () -> false, TextGenerator.Listener.NONE, _ -> {}))
                .hasMessage(refusal);
    }

    /** One such prompt of a harvest is refused, and the others are answered. */
    @Test
    void aLocalTeacherRefusesThatRequestAlone() {
        dev.distill.teacher.Sampling sampling =
                new dev.distill.teacher.Sampling(0.8, 1, 5, OptionalLong.of(3), new TreeMap<>());
        try (LocalTeacher teacher = new LocalTeacher(student, 2)) {
            Outcome refused = teacher.ask(new TeacherRequest(List.of(Message.user("a </think> b")), sampling, 0))
                    .outcome();
            assertThat(refused)
                    .isInstanceOfSatisfying(
                            Outcome.BadRequest.class,
                            bad -> assertThat(bad.detail()).startsWith("tiny: this text holds the token </think>"));
            assertThat(teacher.ask(new TeacherRequest(List.of(Message.user("Two")), sampling, 0))
                            .outcome())
                    .isInstanceOf(Outcome.Completed.class);
        }
    }
}

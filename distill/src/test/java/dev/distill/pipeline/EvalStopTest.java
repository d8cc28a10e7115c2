package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.respond.Student;
import dev.distill.respond.StudentResponder;
import dev.distill.respond.TinyStudent;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation of a student is broken off between two tokens. */
class EvalStopTest {
    @Test
    void aStudentStopsInTheMiddleOfAnAnswer(@TempDir Path folder) throws IOException {
        Path sums = new EvalScene(folder).sums("one", 1);
        Recipe recipe = Recipe.read(
                null,
                Map.of("name", "e", "eval.tasks", sums.toString(), "eval.samples", "64", "eval.max-new-tokens", "200"));
        Stop stop = new Stop();
        AtomicInteger looked = new AtomicInteger();
        BooleanSupplier soon = () -> {
            if (looked.incrementAndGet() == 40) {
                stop.request();
            }
            return stop.getAsBoolean();
        };
        try (Ops ops = new CpuOps();
                Student student = Student.open(TinyStudent.write(folder.resolve("tiny"), 1), null, ops)) {
            StudentResponder responder = new StudentResponder(student, true, 4, soon);
            assertThatThrownBy(() -> EvalStage.score(
                            recipe.eval().orElseThrow(),
                            responder,
                            folder.resolve("eval"),
                            EvalStage.stopping(new Unheard().evaluation(), stop)))
                    .isInstanceOf(Stop.StoppedException.class)
                    .hasMessageMatching("eval: stopped after \\d+ of 192 answers of task one, which are saved; .*");
        }
        assertThat(looked.get()).as("looks at the wish").isLessThan(60);
    }
}

package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptGradesTest {
    private static final Question QUESTION = Question.of(Prompt.of(List.of(Message.user("Add.")), "tests", "test"));

    @TempDir
    Path folder;

    /** The answers that were graded, in order; "broken" is nobody's fault. */
    private final List<String> graded = new ArrayList<>();

    private final Grader grader = new Grader() {
        @Override
        public Graded grade(Question question, Response response) {
            graded.add(response.answer());
            Grade grade = response.answer().equals("broken")
                    ? Grade.INFRA_ERROR
                    : response.answer().equals("good") ? Grade.RIGHT : Grade.WRONG;
            return new Graded(response, grade, grade == Grade.RIGHT ? "code of it" : null, "why\nand how");
        }

        @Override
        public List<List<Graded>> classes(Question question, List<Graded> responses) {
            return List.of();
        }
    };

    private static Response response(int sample, String answer) {
        return new Response(QUESTION.id(), sample, null, answer, FinishReason.STOP, Usage.NONE, 0, null, null);
    }

    private Grader open(String conditions) {
        return KeptGrades.in(folder, grader, conditions, new Stop());
    }

    @Test
    void whatWasGradedIsNotGradedAgainAfterAKill() throws IOException {
        Grader first = open("a");
        Grader.Graded good = first.grade(QUESTION, response(0, "good"));
        Grader.Graded bad = first.grade(QUESTION, response(1, "bad"));
        first.grade(QUESTION, response(2, "broken"));
        assertThat(first.grade(QUESTION, response(3, "good")).response().sample())
                .as("the same answer of another sample")
                .isEqualTo(3);
        assertThat(graded).containsExactly("good", "bad", "broken");
        // and the line that was being written when it was killed
        Files.writeString(folder.resolve("grades.jsonl"), "{\"key\":\"", StandardOpenOption.APPEND);

        Grader second = open("a");
        assertThat(second.grade(QUESTION, response(0, "good"))).isEqualTo(good);
        assertThat(second.grade(QUESTION, response(1, "bad"))).isEqualTo(bad);
        second.grade(QUESTION, response(2, "broken"));
        second.grade(QUESTION, response(4, "new"));
        assertThat(graded).containsExactly("good", "bad", "broken", "broken", "new");
        assertThat(open("a").grade(QUESTION, response(4, "new")).grade())
                .as("behind the half line")
                .isEqualTo(Grade.WRONG);
        assertThat(graded).hasSize(5);
    }

    @Test
    void otherConditionsOrTestsAreGradedAnew() {
        open("a").grade(QUESTION, response(0, "good"));
        open("b").grade(QUESTION, response(0, "good"));
        Question corrected = Question.of(Prompt.of(List.of(Message.user("Add.")), "more tests", "test"));
        open("a").grade(corrected, response(0, "good"));
        assertThat(graded).hasSize(3);
    }

    @Test
    void onceAskedToStopNothingMoreIsGraded() {
        Stop stop = new Stop();
        Grader kept = KeptGrades.in(folder, grader, "a", stop);
        kept.grade(QUESTION, response(0, "good"));
        stop.request();
        kept.grade(QUESTION, response(0, "good"));
        assertThatThrownBy(() -> kept.grade(QUESTION, response(1, "bad")))
                .isInstanceOf(Stop.StoppedException.class)
                .hasMessageContaining("all answers and 1 grades of the task are saved");
        assertThat(graded).containsExactly("good");
    }
}

package dev.distill.eval.grade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.trace.FinishReason;
import dev.distill.eval.code.CodeVerifier;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.sandbox.Limits;
import dev.distill.eval.sandbox.Sandbox;
import dev.distill.eval.sandbox.Sandboxes;
import dev.distill.eval.task.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs in the real sandbox. */
@Timeout(60)
class CodeGraderTest {
    private static final Question SUM =
            Responses.question("{\"tests\": [{\"input\": \"1 2\\n\", \"output\": \"3\\n\"}]}");
    private static final String RIGHT = "print(sum(map(int, input().split())))";

    private static Sandbox sandbox;
    private static CodeGrader grader;

    @BeforeAll
    static void open() throws IOException {
        Sandboxes.assumeBubblewrap();
        assumeTrue(Files.isExecutable(Path.of(Sandboxes.PYTHON)), "there is no " + Sandboxes.PYTHON);
        sandbox = Sandbox.open();
        grader = new CodeGrader(new CodeVerifier(
                sandbox,
                new CodeVerifier.Settings(Limits.STANDARD.withTime(Duration.ofSeconds(5)), Duration.ofMinutes(1))));
    }

    @AfterAll
    static void close() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private static Graded grade(Question question, String source) {
        return grader.grade(question, Responses.of("Here:\n```python\n" + source + "\n```\n"));
    }

    @Test
    void programsThatPassAreRight() {
        Graded graded = grade(SUM, RIGHT);
        assertThat(graded.grade()).isEqualTo(Grade.RIGHT);
        assertThat(graded.answer()).isEqualTo(RIGHT + "\n");
        assertThat(grader.classes(SUM, List.of(graded))).isEmpty();
    }

    @Test
    void programsThatFailCrashOrDoNotCompileAreWrong() {
        assertThat(grade(SUM, "print(4)").grade()).isEqualTo(Grade.WRONG);
        assertThat(grade(SUM, "print(4)").reason()).contains("test 1 of 1");
        assertThat(grade(SUM, "raise ValueError").grade()).isEqualTo(Grade.WRONG);
        assertThat(grade(SUM, "def (").grade()).isEqualTo(Grade.WRONG);
    }

    @Test
    void noProgramIsNoAnswer() {
        assertThat(grader.grade(SUM, Responses.of("I do not know.")).grade()).isEqualTo(Grade.NO_ANSWER);
    }

    @Test
    void whatIsCutOffIsNotRun() {
        assertThat(grader.grade(SUM, Responses.of("```python\n" + RIGHT, FinishReason.LENGTH, null))
                        .grade())
                .isEqualTo(Grade.TRUNCATED);
    }

    @Test
    void testsThatCannotBeReadAreNotTheModelsFault() {
        assertThat(grade(Responses.question("{\"tests\": 7}"), RIGHT).grade()).isEqualTo(Grade.INFRA_ERROR);
    }

    @Test
    void aModuleThatOnlyTheTestsWantIsNotTheModelsFault() {
        Question question = Responses.question("{\"test_code\": \"import no_such_module_here\\nassert f() == 1\"}");
        Graded graded = grade(question, "def f():\n    return 1");
        assertThat(graded.grade()).isEqualTo(Grade.INFRA_ERROR);
        assertThat(graded.reason())
                .isEqualTo("the tests import no_such_module_here, which the sandbox's interpreter has not");
        assertThat(grade(question, "import another_module").grade()).isEqualTo(Grade.WRONG);
    }

    @Test
    void humanEvalsTestsMayUseTheQuestionsHelpers() {
        // as CodeReference puts it: the helper of the question, the published check, its call
        Question question = Responses.question("{\"test_code\": \"def encode(s):\\n    return s[::-1]\\n\\ndef"
                + " check(candidate):\\n    assert candidate(encode('ab')) == 'ab'\\n\\ncheck(decode)\\n\"}");
        assertThat(grade(question, "def decode(s):\n    return encode(s)").grade())
                .isEqualTo(Grade.RIGHT);
        assertThat(grade(question, "def decode(s):\n    return s").grade()).isEqualTo(Grade.WRONG);
    }
}

package dev.distill.eval.grade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.answer.Verifier;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Origin;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GradersTest {
    private static Task task(Grading grading, Question... questions) {
        return new Task("t", grading, List.of(questions), Decoding.greedy(9), Origin.of("t"));
    }

    @Test
    void everyWayOfGradingHasItsGrader() {
        Graders rules = Graders.byRules();
        Question question = Responses.question("1");
        assertThat(rules.of(task(Grading.MATH, question))).isInstanceOf(MathGrader.class);
        assertThat(rules.of(task(Grading.CHOICE, question))).isInstanceOf(ChoiceGrader.class);
        assertThat(rules.of(task(Grading.EXACT, question))).isInstanceOf(ExactGrader.class);
        assertThat(rules.of(task(Grading.INSTRUCTIONS, question))).isInstanceOf(InstructionGrader.class);
        assertThat(rules.withJudge(new Judge(1)).of(task(Grading.JUDGE, question)))
                .isInstanceOf(JudgeGrader.class);
    }

    @Test
    void whatIsNotAtHandIsOneClearError() {
        Question question = Responses.question("1");
        assertThatThrownBy(() -> Graders.byRules().of(task(Grading.CODE, question)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("task t: grading code needs a sandbox to run programs in, and there is none;"
                        + " install bubblewrap");
        assertThatThrownBy(() -> Graders.byRules().of(task(Grading.JUDGE, question)))
                .hasMessage("task t: grading judge needs a judge model, and none is named; name one, or grade it as"
                        + " exact");
    }

    @Test
    void aJudgesVerdictsAreGrades() {
        JudgeGrader grader = new JudgeGrader(new Judge(1));
        Question question = Responses.question("blue");
        assertThat(grader.grade(question, Responses.of("blue")).grade()).isEqualTo(Grade.RIGHT);
        assertThat(grader.grade(question, Responses.of("red")).grade()).isEqualTo(Grade.WRONG);
        assertThat(grader.grade(question, Responses.of("hm")).grade()).isEqualTo(Grade.INFRA_ERROR);
        assertThat(grader.grade(question, Responses.of("down"))).satisfies(graded -> {
            assertThat(graded.grade()).isEqualTo(Grade.INFRA_ERROR);
            assertThat(graded.reason()).isEqualTo("judge: connection refused");
        });
        assertThat(grader.grade(question, Responses.of("")).grade()).isEqualTo(Grade.NO_ANSWER);
    }

    @Test
    void judgementsAreMadeSeveralAtATimeAndNeverMore() {
        Judge judge = new Judge(3);
        List<Answered> answered = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Question question =
                    Question.of(Prompt.of(List.of(Message.user("question " + i)), i % 2 == 0 ? "blue" : "red", "t"));
            Response response =
                    new Response(question.id(), 0, null, "blue", FinishReason.STOP, Usage.NONE, 0, null, null);
            answered.add(new Answered(question, List.of(response)));
        }
        Task task =
                task(Grading.JUDGE, answered.stream().map(Answered::question).toArray(Question[]::new));
        Grader grader = Graders.byRules().withJudge(judge).atOnce(3).of(task, answered);
        assertThat(judge.asked).hasValue(10);
        assertThat(judge.most).hasValue(3);
        for (int i = 0; i < 10; i++) {
            Answered one = answered.get(i);
            assertThat(grader.grade(one.question(), one.responses().getFirst()).grade())
                    .isEqualTo(i % 2 == 0 ? Grade.RIGHT : Grade.WRONG);
        }
        assertThat(judge.asked).as("nothing is judged twice").hasValue(10);
    }

    /** Says that equal texts agree; waits until so many are asked at once, so that fewer would show. */
    private static final class Judge implements Verifier {
        final AtomicInteger asked = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger now = new AtomicInteger();
        private final CountDownLatch together;

        Judge(int together) {
            this.together = new CountDownLatch(together);
        }

        @Override
        public String name() {
            return "judge";
        }

        @Override
        public Verdict verify(Trace trace) {
            asked.incrementAndGet();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            together.countDown();
            try {
                assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                now.decrementAndGet();
            }
            if (trace.answer().equals("down")) {
                throw new IllegalStateException("connection refused");
            }
            if (trace.answer().equals("hm")) {
                return Verdict.undecided("judge", "no word of it");
            }
            return trace.answer().equals(trace.reference())
                    ? Verdict.pass("judge", "the same")
                    : Verdict.fail("judge", "another");
        }
    }
}

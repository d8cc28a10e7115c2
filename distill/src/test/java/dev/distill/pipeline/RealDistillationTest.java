package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.data.shard.Manifest;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.metric.PairedComparison;
import dev.distill.eval.report.GradedTask;
import dev.distill.eval.report.TaskScore;
import dev.distill.eval.task.Evaluation;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import dev.distill.respond.Student;
import dev.distill.respond.StudentResponder;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.teacher.embedded.problem.Difficulty;
import dev.distill.teacher.embedded.problem.Family;
import dev.distill.teacher.embedded.problem.Problem;
import dev.distill.teacher.embedded.problem.Problems;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.StepReport;
import dev.distill.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does distillation work? SmolLM2-135M learns word problems from Qwen2.5-0.5B, which has another vocabulary, in four ways that have the same prompts and
 * number of steps and at most 300,000 trained tokens each: the answers alone; the teacher's reasoning; its reasoning and its probabilities; the same
 * with half of the steps on the student's own texts. The problems are made here and their answers known; of the teacher's replies the right ones are
 * taught. All are scored on problems held out, greedily.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} with {@code models/smollm2-135m} and {@code models/qwen2.5-0.5b}. {@code -Ddistill.work=DIR} keeps all that is
 * made, and goes on from what is there. An hour and a half on two cores with AMX, 6 GB.
 */
@Tag("slow")
class RealDistillationTest {
    private static final int STEPS = 90;
    private static final int SAMPLES = 16;

    /** Right replies that are taught, each three times. */
    private static final int TAUGHT = STEPS * SAMPLES / 3;

    /** The teacher is asked so many problems at a time until there are enough. */
    private static final int PORTION = 160;

    private static final int MOST_ASKED = 10 * PORTION;
    private static final int HELD_OUT = 300;
    private static final int NEW_TOKENS = 256;

    /** Where the student's own texts are cut in training, so that they too stay within the budget. */
    private static final int OWN_TOKENS = 192;

    private static final int BUDGET = 300_000;
    private static final int SLOTS = 32;
    private static final String REQUEST = "\nPlease reason step by step, and put your final answer within \\boxed{}.";

    @TempDir
    Path temporary;

    private Path folder;
    private Path student;
    private Path teacher;

    @BeforeEach
    void find() throws IOException {
        Path models = Path.of(System.getProperty("distill.peers", "")).resolve("models");
        student = models.resolve("smollm2-135m");
        teacher = models.resolve("qwen2.5-0.5b");
        for (Path model : List.of(student, teacher)) {
            assumeTrue(Files.exists(model), "skipped: missing " + model + ", named by -Ddistill.peers");
        }
        assumeTrue(NativeChoice.hasEightBitProducts(), "skipped: no processor with VNNI, or no ND4J with oneDNN");
        String work = System.getProperty("distill.work", "");
        folder = work.isEmpty() ? temporary : Files.createDirectories(Path.of(work));
    }

    @Test
    void reasoningTeachesMoreThanAnswersDo() throws IOException {
        List<Prompt> heldOut = problems(HELD_OUT, true);
        SequencedMap<String, TaskScore> scores = new LinkedHashMap<>();
        scores.put("student, before", score("before", student, heldOut));
        scores.put("teacher", score("teacher", teacher, heldOut));
        teach();
        scores.put("answers alone", arm("answers", heldOut, Map.of()));
        scores.put("reasoning", arm("reasoning", heldOut, Map.of()));
        scores.put("reasoning, probabilities", arm("probabilities", heldOut, probabilities()));
        scores.put("the same, half on-policy", arm("on-policy", heldOut, onPolicy()));
        report(scores);
        assertThat(difference(scores, "answers alone", "reasoning").difference())
                .isPositive();
        assertThat(difference(scores, "student, before", "reasoning").difference())
                .isPositive();
        assertThat(difference(scores, "student, before", "reasoning").p()).isLessThan(0.01);
    }

    private static Map<String, String> options(String... keysAndValues) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return options;
    }

    private Map<String, String> probabilities() {
        return options("train.distill.model", teacher.toString(), "train.distill.share", "0.5");
    }

    private Map<String, String> onPolicy() {
        Map<String, String> options = probabilities();
        options.putAll(options(
                "train.distill.on-policy", "0.5",
                "train.distill.divergence", "reverse-kl",
                "train.distill.new-tokens", Integer.toString(OWN_TOKENS)));
        return options;
    }

    /** Stories whose questions ask to reason. */
    private static List<Prompt> problems(int count, boolean heldOut) {
        Problems problems = new Problems(20261129, Difficulty.HARD);
        int all = count * Family.values().length;
        return (heldOut ? problems.heldOut(all) : problems.training(all))
                .stream()
                        .filter(prompt ->
                                Problem.read(prompt.question()).orElseThrow().family() == Family.WORD)
                        .map(prompt -> Prompt.of(
                                List.of(Message.user(prompt.question() + REQUEST)),
                                prompt.reference(),
                                prompt.source()))
                        .toList();
    }

    private TaskScore score(String name, Path model, List<Prompt> prompts) throws IOException {
        Task task = Task.ofMath("word problems", prompts, Decoding.greedy(NEW_TOKENS));
        return score(task, name, ask(name, model, task));
    }

    private TaskScore score(Task task, String name, List<Answered> answered) {
        TaskScore score = TaskScore.of(GradedTask.of(task, name, answered, new MathGrader()));
        System.out.printf(
                Locale.ROOT,
                "%s: %.1f %% (%.1f to %.1f) of %d; %s; %.0f tokens%n",
                name,
                100 * score.passAt1().value(),
                100 * score.passAt1().low(),
                100 * score.passAt1().high(),
                score.questions(),
                score.grades(),
                score.meanTokens());
        return score;
    }

    private List<Answered> ask(String name, Path model, Task task) throws IOException {
        try (Ops ops = new CpuOps(Runtime.getRuntime().availableProcessors(), Compute.INT8);
                Student asked = Student.open(model, null, ops)) {
            return Evaluation.run(
                    task,
                    new StudentResponder(asked, true, SLOTS),
                    folder.resolve("asked").resolve(name),
                    Evaluation.Progress.NONE);
        }
    }

    /** Asks the teacher, and writes its right replies, with the reasoning and as answers alone. */
    private void teach() throws IOException {
        if (Manifest.isIn(folder.resolve("answers"))) {
            return;
        }
        List<Trace> reasoning = new ArrayList<>();
        List<Trace> answers = new ArrayList<>();
        List<Prompt> problems = problems(MOST_ASKED, false);
        int asked = 0;
        while (reasoning.size() < TAUGHT && asked < problems.size()) {
            List<Prompt> portion = problems.subList(asked, asked + PORTION);
            Task task = Task.ofMath("word problems", portion, new Decoding(1, 0.7, 0.95, 0, NEW_TOKENS, 1));
            for (Answered reply : ask("teaching-" + asked, teacher, task)) {
                Response response = reply.responses().getFirst();
                Prompt prompt = reply.question().prompt();
                if (new MathGrader().grade(reply.question(), response).grade() == Grade.RIGHT
                        && reasoning.size() < TAUGHT) {
                    int i = reasoning.size();
                    String answer = "\\boxed{" + prompt.reference() + "}";
                    reasoning.add(CuratedFolder.trace(i, prompt.question(), null, response.answer(), null));
                    answers.add(CuratedFolder.trace(i, prompt.question(), null, answer, null));
                }
            }
            asked += PORTION;
        }
        System.out.printf("%d right replies to %d problems%n", reasoning.size(), asked);
        assertThat(reasoning).as("right replies").hasSize(TAUGHT);
        CuratedFolder.write(folder.resolve("reasoning"), reasoning);
        CuratedFolder.write(folder.resolve("answers"), answers);
    }

    private TaskScore arm(String name, List<Prompt> heldOut, Map<String, String> options) throws IOException {
        Map<String, String> all = options(
                "name", name,
                "seed", "1",
                "student.base", student.toString(),
                "train.mode", "full",
                "train.compute", "bfloat16",
                "train.steps", Integer.toString(STEPS),
                "train.batch-samples", Integer.toString(SAMPLES),
                "train.row-tokens", "1024",
                "train.learning-rate", "1e-4",
                "train.warmup", "0.1",
                "train.validation-samples", "0",
                "train.validate-every", Integer.toString(STEPS),
                "train.sample-prompts", "0");
        all.putAll(options);
        Recipe recipe = Recipe.read(null, all);
        Path curated = folder.resolve(name.equals("answers") ? "answers" : "reasoning");
        Path run = folder.resolve("run-" + name);
        try (CpuOps ops = new CpuOps()) {
            TrainResult result = new TrainStage(recipe, ops, Objective.REASONING)
                    .run(curated, run, RealDistillationTest::tell, () -> false);
            System.out.printf(
                    Locale.ROOT, "%s: %d trained tokens, %.0f s%n", name, result.trainedTokens(), result.seconds());
            assertThat(result.trainedTokens()).isLessThanOrEqualTo(BUDGET);
        }
        return score(name, run.resolve("model"), heldOut);
    }

    private static void tell(StepReport step) {
        if (step.step() % 10 == 0) {
            System.out.printf(
                    Locale.ROOT,
                    "step %d, loss %.4f, cross-entropy %.4f, divergence %.4f, %d trained%n",
                    step.step(),
                    step.loss(),
                    step.learning().teaching().crossEntropy(),
                    step.learning().teaching().divergence(),
                    step.learning().trainedTokens());
        }
    }

    private static void report(SequencedMap<String, TaskScore> scores) {
        TaskScore reasoning = named(scores, "reasoning");
        scores.forEach((name, score) -> {
            PairedComparison pair = compared(reasoning, score);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f %% (%.1f to %.1f) | %.1f | %.0f | %+.1f, p = %.2g |%n",
                    name,
                    100 * score.passAt1().value(),
                    100 * score.passAt1().low(),
                    100 * score.passAt1().high(),
                    100.0 * score.count(Grade.TRUNCATED) / score.questions(),
                    score.meanTokens(),
                    100 * pair.difference(),
                    pair.p());
        });
    }

    private static PairedComparison difference(Map<String, TaskScore> scores, String first, String second) {
        return compared(named(scores, first), named(scores, second));
    }

    private static TaskScore named(Map<String, TaskScore> scores, String name) {
        return Objects.requireNonNull(scores.get(name), name);
    }

    private static PairedComparison compared(TaskScore first, TaskScore second) {
        return PairedComparison.of(right(first), right(second));
    }

    private static boolean[] right(TaskScore score) {
        boolean[] right = new boolean[score.questionScores().size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = score.questionScores().get(i) == 1;
        }
        return right;
    }
}

package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Trace;
import dev.distill.eval.metric.Interval;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.train.Exam;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import dev.distill.train.TrainResult;
import dev.distill.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny student that is asked questions while it is trained. All its traces have one answer, so that it soon knows. */
class TaskExamTest {
    private static final Ops OPS = new CpuOps();

    @TempDir
    Path root;

    private RunFolder run;
    private Path questions;

    @BeforeEach
    void tracesAndQuestions() throws IOException {
        run = new RunFolder(root);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            traces.add(CuratedFolder.trace(i, "What is it?", "It is.", "\\boxed{7}", "7"));
        }
        CuratedFolder.write(run.curate(), traces);
        questions = Files.writeString(
                root.resolve("questions.jsonl"),
                "{\"question\":\"What is it?\",\"reference\":\"7\"}\n{\"question\":\"What is it now?\",\"reference\":\"8\"}\n");
    }

    @AfterAll
    static void close() {
        OPS.close();
    }

    @Test
    void whatItAnswersIsToldAndDoesNotChangeTheTraining() throws IOException {
        TrainResult asked = train("asked", Map.of(), () -> false, new ArrayList<>());
        List<StepReport> sittings = asked.reports().stream()
                .filter(report -> report.learning().score().isThere())
                .toList();
        assertThat(sittings).extracting(StepReport::step).containsExactly(0, 10, 20, 30, 40);
        assertThat(sittings.getFirst().learning().score()).isEqualTo(new Exam.Score(2, Interval.wilson(0, 2)));
        assertThat(sittings.getLast().learning().score()).isEqualTo(new Exam.Score(2, Interval.wilson(1, 2)));
        JsonNode line = new ObjectMapper()
                .readTree(
                        Files.readAllLines(root.resolve("asked/metrics.jsonl")).get(40));
        assertThat(line.path("score").asDouble()).isEqualTo(0.5);
        assertThat(line.path("score_questions").asInt()).isEqualTo(2);

        train("unasked", Map.of("train.select", "loss", "train.score-every", "0"), () -> false, new ArrayList<>());
        assertThat(model("unasked")).isEqualTo(model("asked"));
    }

    @Test
    void stoppedAndGoneOnWithItComesToTheSame() throws IOException {
        TrainResult whole = train("whole", Map.of(), () -> false, new ArrayList<>());
        List<Integer> seen = new ArrayList<>();
        assertThatThrownBy(() -> train("stopped", Map.of(), () -> seen.contains(13), seen))
                .isInstanceOf(Trainer.StoppedException.class);
        TrainResult stopped = train("stopped", Map.of(), () -> false, new ArrayList<>());
        assertThat(model("stopped")).isEqualTo(model("whole"));
        assertThat(stopped.reports().stream().map(StepReport::learning))
                .isEqualTo(whole.reports().stream().map(StepReport::learning).toList());
    }

    @Test
    void aScoreNeedsQuestions() {
        assertThatThrownBy(() -> Recipe.read(null, Map.of("train.select", "score")))
                .hasMessageContaining("train.select: score needs questions that are asked while training");
        assertThatThrownBy(() -> Recipe.read(null, Map.of("train.score-every", "5")))
                .hasMessageContaining("train.score-tasks: is missing");
    }

    private byte[] model(String name) throws IOException {
        return Files.readAllBytes(root.resolve(name).resolve("model/model.safetensors"));
    }

    private TrainResult train(String name, Map<String, String> options, BooleanSupplier stop, List<Integer> seen)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("name", "tiny");
        all.put("student.shape.layers", "1");
        all.put("student.shape.width", "16");
        all.put("student.shape.heads", "2");
        all.put("student.shape.kv-heads", "1");
        all.put("student.shape.mlp-width", "32");
        all.put("student.shape.vocabulary", "300");
        all.put("student.shape.max-positions", "256");
        all.put("train.steps", "40");
        all.put("train.learning-rate", "2e-2");
        all.put("train.batch-samples", "8");
        all.put("train.row-tokens", "200");
        all.put("train.validation-samples", "0");
        all.put("train.sample-prompts", "0");
        all.put("train.checkpoint-every", "10");
        all.put("train.compute", "float");
        all.put("train.select", "score");
        all.put("train.score-every", "10");
        all.put("train.score-tasks", questions.toString());
        all.put("train.score-tokens", "40");
        all.putAll(options);
        TrainListener listener = report -> seen.add(report.step());
        return new TrainStage(Recipe.read(null, all), OPS, Objective.REASONING)
                .run(run.curate(), root.resolve(name), listener, stop);
    }
}

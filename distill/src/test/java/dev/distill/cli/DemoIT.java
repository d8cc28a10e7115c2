package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, with a student that is too small to learn anything. */
class DemoIT {
    private static final int STEPS = 80; // enough that a signal after the second falls into the training

    @TempDir
    Path folder;

    private static Said demo(Path run, int steps) {
        return Said.by(Stream.of("demo --json --prompts 60 --held-out 6 --set train.validate-every=20"
                        + " --set student.shape.layers=1 --set student.shape.width=32"
                        + " --set student.shape.heads=2 --set student.shape.mlp-width=64"
                        + " --set student.shape.vocabulary=300 --set eval.max-new-tokens=12"
                        + " --set train.steps=" + steps + " --dir " + run)
                .flatMap(words -> Stream.of(words.split(" ")))
                .toArray());
    }

    private static long lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file).lines().count() : 0;
    }

    /** All but what the clock says. */
    private static JsonNode figures(Said said) throws IOException {
        assertThat(said.code()).as(said.err()).isZero();
        ObjectNode figures = (ObjectNode) said.json();
        figures.remove("wall_s");
        return figures;
    }

    @Test
    void theWholeJobAndNothingTwice() throws IOException {
        Path run = folder.resolve("demo");
        Said first = demo(run, 4);
        JsonNode result = figures(first);

        assertThat(first.json().path("wall_s").asDouble()).isPositive();
        assertThat(result.path("n_eval").asInt()).isEqualTo(6);
        for (String score : new String[] {"score_before", "score_after", "score_twin", "maj8_after"}) {
            assertThat(result.path(score).isNumber()).as(score).isTrue();
            assertThat(result.path(score).asDouble()).as(score).isBetween(0.0, 1.0);
        }
        assertThat(result.path("faults")).isNotEmpty();
        result.path("faults")
                .forEach(fault -> assertThat(fault.path("caught").asInt())
                        .isBetween(0, fault.path("planted").asInt()));
        assertThat(Path.of(result.path("report").asText())).content().contains("<svg", "</html>");
        assertThat(Path.of(result.path("export").asText())).isDirectoryContaining("glob:**/model.safetensors");

        Path log = run.resolve("teacher.jsonl");
        long served = Files.size(log);
        Said again = demo(run, 4);
        assertThat(figures(again)).isEqualTo(result);
        assertThat(Files.size(log)).isEqualTo(served);
        assertThat(again.err()).doesNotContain("train  ");
    }

    @Test
    void stoppedInTheMiddleItGoesOnToTheSameNumbers() throws Exception {
        JsonNode calm = figures(demo(folder.resolve("calm"), STEPS));

        Path run = folder.resolve("stopped");
        Path metrics = run.resolve("train").resolve("metrics.jsonl");
        FutureTask<Said> running =
                new FutureTask<>(() -> demo(run, STEPS)); // not on the pool on which HttpClient completes replies
        Thread.ofPlatform().start(running);
        while (!running.isDone() && lines(metrics) < 3) {
            Thread.sleep(5);
        }
        new ProcessBuilder(
                        "kill", "-TERM", Long.toString(ProcessHandle.current().pid()))
                .start();
        Said stopped = running.get();
        assertThat(stopped.code()).as(stopped.err()).isEqualTo(ExitCode.TERMINATED);
        assertThat(stopped.err()).contains("the same command goes on from there");
        assertThat(stopped.out()).isEmpty();

        Said resumed = demo(run, STEPS);
        assertThat(resumed.err()).contains("going on after step");
        List<String> places = List.of("export", "report");
        ObjectNode same = (ObjectNode) figures(resumed);
        assertThat(same.remove(places)).isEqualTo(((ObjectNode) calm).remove(places));
    }
}

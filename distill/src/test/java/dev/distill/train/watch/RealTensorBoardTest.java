package dev.distill.train.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the real TensorBoard reads of our files. {@code -Ddistill.peers=DIR}, whose venv has the package tensorboard. */
@Tag("slow")
@Timeout(120)
class RealTensorBoardTest {
    private static final Path PYTHON =
            Path.of(System.getProperty("distill.peers", "")).resolve("venv/bin/python");

    @TempDir
    Path folder;

    @BeforeEach
    void findPython() throws IOException, InterruptedException {
        boolean there = Files.isExecutable(PYTHON)
                && new ProcessBuilder(PYTHON.toString(), "-c", "import tensorboard")
                                .redirectError(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
        assumeTrue(
                there,
                "skipped, for want of " + PYTHON + " with tensorboard: give -Ddistill.peers=DIR, and"
                        + " DIR/venv/bin/python -m pip install tensorboard");
    }

    @Test
    void itReadsScalarsAndTexts() throws Exception {
        try (TensorBoardLog log = new TensorBoardLog(folder, InstantSource.system())) {
            log.begin(0, 3);
            for (int step = 0; step <= 3; step++) {
                log.step(WatchedSteps.step(step, 4.0 - step));
                log.sample(WatchedSteps.sample(step));
            }
        }
        JsonNode read = read();
        assertThat(read.at("/scalars/train~1loss").toString()).isEqualTo("[[0,4.0],[1,3.0],[2,2.0],[3,1.0]]");
        assertThat(read.at("/scalars/validation~1loss~1b/3").toString()).isEqualTo("[3,2.0]");
        assertThat(read.path("scalars").size()).isEqualTo(12);
        assertThat(read.at("/texts/sample~10").size()).isEqualTo(4);
        assertThat(read.at("/texts/sample~10/3/0").asInt()).isEqualTo(3);
        assertThat(read.at("/texts/sample~10/3/1").asText()).contains("    What is 1+1?\n", "    \u2264 2\n");
    }

    /** Killed in step 7, gone on after the checkpoint of step 4: no step twice, and none of those that were lost. */
    @Test
    void afterACrashItForgetsTheStepsThatAreDoneAgain() throws Exception {
        try (TensorBoardLog log = new TensorBoardLog(folder, InstantSource.system())) {
            log.begin(0, 8);
            for (int step = 0; step <= 6; step++) {
                log.step(WatchedSteps.step(step, 10 + step));
            }
        }
        try (var files = Files.list(folder)) {
            Files.write(files.findFirst().orElseThrow(), new byte[] {9, 0, 0, 0, 0, 0}, StandardOpenOption.APPEND);
        }
        try (TensorBoardLog log = new TensorBoardLog(folder, InstantSource.system())) {
            log.begin(4, 8);
            for (int step = 5; step <= 8; step++) {
                log.step(WatchedSteps.step(step, 20 + step));
            }
        }
        assertThat(read().at("/scalars/train~1loss").toString())
                .isEqualTo("[[0,10.0],[1,11.0],[2,12.0],[3,13.0],[4,14.0],[5,25.0],[6,26.0],[7,27.0],[8,28.0]]");
    }

    private JsonNode read() throws Exception {
        Process python = new ProcessBuilder(PYTHON.toString(), "-c", """
                        import json, sys
                        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
                        events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
                        events.Reload()
                        tags = events.Tags()
                        print(json.dumps({
                            "scalars": {t: [[e.step, e.value] for e in events.Scalars(t)] for t in tags["scalars"]},
                            "texts": {t: [[e.step, e.tensor_proto.string_val[0].decode()] for e in events.Tensors(t)]
                                      for t in tags["tensors"]},
                        }))
                        """, folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(out).isZero();
        return new ObjectMapper().readTree(out);
    }
}

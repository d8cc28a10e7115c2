package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Trace;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.StepReport;
import dev.distill.train.TrainResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real training in each type: SmolLM2-135M learns GSM8K's worked solutions with a LoRA, the same samples in the same order, and is measured on
 * solutions that it was not trained on. About half an hour on two cores that have nothing else to do.
 *
 * <p>Needs {@code -Ddistill.peers=DIR} with {@code models/smollm2-135m} and {@code -Ddistill.conformance=FOLDER} with
 * {@code benchmarks/gsm8k_test.jsonl}.
 */
@Tag("slow")
class RealTrainingTest {
    private static final int STEPS = 200;

    /** Of a step: about 430 tokens. */
    private static final int SAMPLES = 2;

    private static final int HELD_BACK = 64;

    /** The project's bar: at least this share of what the validation loss falls by in FLOAT. */
    private static final double LEAST_FALL = 0.97;

    /** What is learnt has to be much more than what rounding does, or a share of it says nothing. */
    private static final double MUCH = 0.1;

    @TempDir
    Path folder;

    private Path base;
    private Path questions;

    @BeforeEach
    void find() {
        base = existing("distill.peers", "models/smollm2-135m");
        questions = existing("distill.conformance", "benchmarks/gsm8k_test.jsonl");
        assumeTrue(NativeChoice.hasEightBitProducts(), "skipped: no processor with VNNI, or no ND4J with oneDNN");
    }

    private static Path existing(String property, String inside) {
        Path path = Path.of(System.getProperty(property, "")).resolve(inside);
        assumeTrue(Files.exists(path), "skipped: missing " + path + ", named by -D" + property);
        return path;
    }

    @Test
    void everyTypeLearnsWhatFloatLearns() throws IOException {
        CuratedFolder.write(folder.resolve("curate"), traces());
        double expected = fall("FLOAT", train("float"));
        assertThat(expected).isGreaterThan(MUCH);
        for (String type : List.of("int8", "bfloat16")) {
            TrainResult result = train(type);
            double fall = fall(type, result);
            System.out.printf("%s: %.4f of what FLOAT learns%n", type, fall / expected);
            assertThat(fall).as(type).isGreaterThanOrEqualTo(LEAST_FALL * expected);
        }
    }

    /** Questions with their worked solutions, as they are. */
    private List<Trace> traces() throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (String line : Files.readAllLines(questions)) {
            JsonNode each = new ObjectMapper().readTree(line);
            String question = each.get("question").textValue();
            traces.add(CuratedFolder.trace(
                    traces.size(), question, null, each.get("answer").textValue(), null));
        }
        return traces;
    }

    private TrainResult train(String type) throws IOException {
        Recipe recipe = Recipe.read(
                null,
                Map.of(
                        "name",
                        "real-training",
                        "seed",
                        "1",
                        "student.base",
                        base.toString(),
                        "train.mode",
                        "lora",
                        "train.compute",
                        type,
                        "train.steps",
                        Integer.toString(STEPS),
                        "train.batch-samples",
                        Integer.toString(SAMPLES),
                        "train.row-tokens",
                        "1024",
                        "train.validation-samples",
                        Integer.toString(HELD_BACK),
                        "train.validate-every",
                        Integer.toString(STEPS / 2)));
        try (CpuOps ops = new CpuOps()) {
            return new TrainStage(recipe, ops, Objective.REASONING)
                    .run(folder.resolve("curate"), folder.resolve(type), RealTrainingTest::tell, () -> false);
        }
    }

    private static void tell(StepReport step) {
        if (step.step() % 20 == 0) {
            System.out.printf("step %d, loss %.4f, validation %.4f%n", step.step(), step.loss(), step.validationLoss());
        }
    }

    private static double fall(String type, TrainResult result) {
        double fall = result.firstValidationLoss() - result.lastValidationLoss();
        System.out.printf(
                "%s: validation loss %.5f to %.5f, a fall of %.5f; %d tokens, %d of them trained, %.0f s%n",
                type,
                result.firstValidationLoss(),
                result.lastValidationLoss(),
                fall,
                result.reports().stream().mapToLong(StepReport::tokens).sum(),
                result.trainedTokens(),
                result.seconds());
        return fall;
    }
}

package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.optim.Schedule;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A hundred steps of 2,048 tokens of real text, SmolLM2-135M, laid on the losses of transformers, PEFT, torch's AdamW and bitsandbytes: the same
 * texts in the same order, the same learning rates, the same adapter at the beginning. A step is one packed row; there a mask
 * of every pair of tokens keeps the texts apart, so that a leak from one into the next would show here.
 *
 * <p>Python computes its losses when the test runs, see {@link Peers}; it also needs bitsandbytes there for four and eight bits, and
 * {@code -Ddistill.conformance=FOLDER} with {@code benchmarks/gsm8k_test.jsonl}. Ten minutes a case in BFLOAT16 on two cores with AMX, half an
 * hour in FLOAT, which have nothing else to do.
 */
@Tag("slow")
final class RealCurvesTest {
    private static final int STEPS = 100;
    private static final int TOKENS = 2048;
    private static final int EVERY = 10;
    private static final double CLIP = 1;
    private static final AdamWSettings ADAMW = new AdamWSettings(0.9, 0.95, 1e-8, 0, CLIP);
    private static final LoraConfig ADAPTER = new LoraConfig(16, 32, false, List.of(LoraConfig.ALL_LINEAR), 20261129);

    /** The project's bar, at every tenth step. */
    private static final double BAR = 0.01;

    /** What the steps have to teach, or equal curves would say nothing: far more than the bar. */
    private static final double LEAST_FALL = 0.15;

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    /** What is trained, on both sides. */
    enum Case {
        FULL(5e-5),
        FULL_EIGHT_BIT_ADAMW(5e-5),
        LORA(2e-4),
        QLORA(2e-4);

        private final Schedule schedule;

        Case(double peak) {
            schedule = new Schedule(peak, EVERY, STEPS, 0.1, Schedule.Decay.Cosine.HALF);
        }

        private boolean adapter() {
            return this == LORA || this == QLORA;
        }

        private double[] rates() {
            return IntStream.rangeClosed(1, STEPS).mapToDouble(schedule::at).toArray();
        }

        private OptimizerSettings optimizer() {
            return this == FULL_EIGHT_BIT_ADAMW ? new EightBitAdamWSettings(ADAMW) : ADAMW;
        }

        private ModelWeights.Use use() {
            return switch (this) {
                case FULL, FULL_EIGHT_BIT_ADAMW -> ModelWeights.Use.TRAINED;
                case LORA -> ModelWeights.Use.FROZEN;
                case QLORA -> ModelWeights.Use.FOUR_BITS;
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LORA, BFLOAT16",
        "FULL, BFLOAT16",
        "QLORA, BFLOAT16",
        "FULL_EIGHT_BIT_ADAMW, BFLOAT16",
        "LORA, FLOAT",
        "FULL, FLOAT"
    })
    void theCurveIsThatOfTransformersAndPeft(Case what, Compute compute) throws Exception {
        assumeTrue(
                compute == Compute.FLOAT || NativeChoice.hasOneDnn(), "skipped: no ND4J with oneDNN, so no BFLOAT16");
        Path model = Peers.model("smollm2-135m");
        try (StoredWeights stored = StoredWeights.open(model)) {
            try (Lora lora = Lora.create(ADAPTER, stored.config())) {
                Peers.save(lora, folder);
            }
            List<List<int[]>> steps = steps(texts(model));
            double[] expected = peer(model, steps, what, compute);
            double[] ours = train(stored, steps, what, compute);
            report(what, compute, ours, expected);
            assertThat(1 - mean(expected, STEPS - EVERY) / mean(expected, 0))
                    .as("what the peer's steps teach")
                    .isGreaterThan(LEAST_FALL);
            for (int step = EVERY; step <= STEPS; step += EVERY) {
                assertThat(ours[step - 1])
                        .as("%s in %s, loss of step %d", what, compute, step)
                        .isCloseTo(expected[step - 1], within(BAR * expected[step - 1]));
            }
        }
    }

    private static double mean(double[] losses, int from) {
        return Arrays.stream(losses, from, from + EVERY).average().orElseThrow();
    }

    private static void report(Case what, Compute compute, double[] ours, double[] expected) {
        double largest = IntStream.range(0, STEPS)
                .mapToDouble(i -> Math.abs(ours[i] / expected[i] - 1))
                .max()
                .orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%s in %s: of all steps, losses are apart by %.3f %% at most%n",
                what,
                compute,
                100 * largest);
        for (int i = 0; i < STEPS; i += i == 0 ? EVERY - 1 : EVERY) {
            System.out.printf(
                    Locale.ROOT,
                    "step %d: ours %.5f, theirs %.5f, %+.3f %%%n",
                    i + 1,
                    ours[i],
                    expected[i],
                    100 * (ours[i] / expected[i] - 1));
        }
    }

    private static double[] train(StoredWeights stored, List<List<int[]>> steps, Case what, Compute compute)
            throws IOException {
        try (Ops ops = new CpuOps(Runtime.getRuntime().availableProcessors(), compute);
                ModelWeights weights = ModelWeights.load(stored.config(), stored, ops, what.use())) {
            if (!what.adapter()) {
                return train(ops, weights, ProjectionWrapper.NONE, steps, what);
            }
            try (Lora lora = Lora.create(ADAPTER, stored.config())) {
                return train(ops, weights, lora, steps, what);
            }
        }
    }

    private static double[] train(
            Ops ops, ModelWeights weights, ProjectionWrapper wrapper, List<List<int[]>> steps, Case what) {
        double[] rates = what.rates();
        try (Decoder decoder = new Decoder(ops, weights, wrapper, Decoder.Memory.KEEP);
                Optimizer optimizer = new Optimizer(ops, decoder.trained(), what.optimizer())) {
            TrainStep step = new TrainStep(decoder, optimizer);
            return IntStream.range(0, STEPS)
                    .mapToDouble(i -> step.run(List.of(row(steps.get(i))), rates[i])
                            .loss()
                            .mean())
                    .toArray();
        }
    }

    /** One packed row; every token of a text but its first is a target. */
    private static PackedRow row(List<int[]> texts) {
        int[] ids = texts.stream().flatMapToInt(Arrays::stream).toArray();
        int[] targets = Arrays.copyOfRange(ids, 1, ids.length + 1);
        int end = 0;
        for (int[] text : texts) {
            end += text.length;
            targets[end - 1] = CrossEntropy.NO_TARGET;
        }
        return new PackedRow(
                ids,
                targets,
                Sequences.ofLengths(texts.stream().mapToInt(text -> text.length).toArray()));
    }

    private double[] peer(Path model, List<List<int[]>> steps, Case what, Compute compute) throws Exception {
        ObjectNode request = JSON.createObjectNode();
        request.put("model", model.toString())
                .put("adapter", what.adapter() ? folder.toString() : null)
                .put("four_bits", what == Case.QLORA)
                .put("eight_bit_adamw", what == Case.FULL_EIGHT_BIT_ADAMW)
                .put("bfloat16", compute == Compute.BFLOAT16)
                .put("epsilon", ADAMW.epsilon())
                .put("clip_norm", CLIP);
        request.putArray("betas").add(ADAMW.beta1()).add(ADAMW.beta2());
        ArrayNode rates = request.putArray("learning_rates");
        Arrays.stream(what.rates()).forEach(rates::add);
        request.set("steps", JSON.valueToTree(steps));
        Peers.run("real_curves.py", folder, request);
        return Fixture.numbers(JSON.readTree(folder.resolve("losses.json").toFile()));
    }

    /** Steps of exactly {@link #TOKENS} tokens: texts as they come, the last one of a step cut. */
    private static List<List<int[]>> steps(List<int[]> texts) {
        List<List<int[]>> steps = new ArrayList<>();
        int next = 0;
        while (steps.size() < STEPS) {
            List<int[]> step = new ArrayList<>();
            int room = TOKENS;
            while (room > 0) {
                int[] text = texts.get(next++);
                int[] cut = Arrays.copyOf(text, Math.min(room, text.length));
                step.add(cut);
                room -= cut.length;
            }
            steps.add(step);
        }
        return steps;
    }

    /** Grade-school problems with their worked solutions, tokenised by Python's tokenizers. */
    private List<int[]> texts(Path model) throws Exception {
        Path file = Path.of(System.getProperty("distill.conformance", "")).resolve("benchmarks/gsm8k_test.jsonl");
        assumeTrue(Files.exists(file), "skipped: missing " + file + ", named by -Ddistill.conformance");
        ObjectNode request = JSON.createObjectNode().put("model", model.toString());
        ArrayNode texts = request.putArray("texts");
        for (String line : Files.readAllLines(file)) {
            JsonNode each = JSON.readTree(line);
            texts.add(
                    each.get("question").textValue() + "\n" + each.get("answer").textValue() + "\n");
        }
        Peers.run("real_curves.py", folder, request);
        JsonNode ids = JSON.readTree(folder.resolve("ids.json").toFile());
        return StreamSupport.stream(ids.spliterator(), false)
                .map(text -> StreamSupport.stream(text.spliterator(), false)
                        .mapToInt(JsonNode::intValue)
                        .toArray())
                .toList();
    }
}

package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.tensor.DType;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twenty AdamW steps of SmolLM2-135M and Qwen2.5-Coder-0.5B, all weights and a LoRA: the losses of PyTorch in float32. Python computes them when
 * the test runs, see {@link Peers}; ten minutes and at most 6 GB on two cores that have nothing else to do.
 */
@Tag("slow")
final class RealModelStepsTest {
    private static final double RATE = 1e-5;
    private static final double USUAL_RATE = 2e-4;
    private static final AdamWSettings SETTINGS = new AdamWSettings(0.9, 0.95, 1e-8, 0, Double.POSITIVE_INFINITY);
    private static final int STEPS = 20;
    private static final int TOKENS = 256;

    /** So few that every sequence comes again and again, and what a step has learnt shows in the next losses. */
    private static final int SEQUENCES = 4;

    private static final long SEED = 20261127;
    private static final LoraConfig ADAPTER = new LoraConfig(16, 32, false, List.of(LoraConfig.ALL_LINEAR), SEED);

    /** The project's bar, in nats; far less than what the steps teach. */
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = "smollm2-135m")
    void twentyStepsOfFullTrainingHaveTheLossesOfPyTorch(String name) throws Exception {
        Path model = Peers.model(name);
        List<PackedRow> rows = rows(model);
        double[] expected = losses(model, rows, Optional.empty());
        try (Ops ops = new CpuOps();
                ModelWeights weights = Fixture.load(model, ops)) {
            assertLosses(name + ", all weights", train(ops, weights, ProjectionWrapper.NONE, rows, RATE), expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2-135m", "qwen2.5-0.5b"})
    void twentyStepsOfAnAdapterHaveTheLossesOfPeft(String name) throws Exception {
        Path model = Peers.model(name);
        List<PackedRow> rows = rows(model);
        try (StoredWeights stored = StoredWeights.open(model)) {
            try (Lora lora = Lora.create(ADAPTER, stored.config())) {
                Peers.save(lora, folder);
            }
            double[] expected = losses(model, rows, Optional.of(folder));
            try (Ops ops = new CpuOps()) {
                assertLosses(name + ", adapter", trainAdapter(ops, stored, rows, RATE), expected);
            }
        }
    }

    /**
     * The coarser types, against FLOAT, at the rate that a LoRA is trained with. With a twentieth of it, these steps change the loss by less than
     * what the rounding of eight bits does (docs/log.md has figures).
     *
     * @param share how far what they take off the loss may be from what FLOAT's do, as in ComputeTypesTest for INT8
     */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, BFLOAT16, 0.10", "INT8, BFLOAT16, 0.10", "INT8, FLOAT, 0.10"})
    void anAdapterLearnsInCoarserTypesWhatItLearnsInFloat(Compute compute, DType floating, double share)
            throws Exception {
        assumeTrue(NativeChoice.hasEightBitProducts(), "skipped: no processor with VNNI, or no ND4J with oneDNN");
        Path model = Peers.model("smollm2-135m");
        List<PackedRow> rows = rows(model);
        try (StoredWeights stored = StoredWeights.open(model);
                Ops exact = new CpuOps();
                Ops coarse = new CpuOps(Runtime.getRuntime().availableProcessors(), compute, floating)) {
            double[] expected = trainAdapter(exact, stored, rows, USUAL_RATE);
            double[] ours = trainAdapter(coarse, stored, rows, USUAL_RATE);
            report("adapter in %s with %s".formatted(compute, floating), ours, expected);
            assertThat(fall(expected)).isGreaterThan(100 * TOLERANCE);
            assertThat(ours[0]).isNotCloseTo(expected[0], within(TOLERANCE)); // it is another arithmetic
            assertThat(fall(ours)).isCloseTo(fall(expected), within(share * fall(expected)));
        }
    }

    private static double[] trainAdapter(Ops ops, StoredWeights stored, List<PackedRow> rows, double rate)
            throws IOException {
        try (Lora lora = Lora.create(ADAPTER, stored.config());
                ModelWeights weights = ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.FROZEN)) {
            return train(ops, weights, lora, rows, rate);
        }
    }

    private static double[] train(
            Ops ops, ModelWeights weights, ProjectionWrapper wrapper, List<PackedRow> rows, double rate) {
        try (Decoder decoder = new Decoder(ops, weights, wrapper, Decoder.Memory.KEEP);
                Optimizer optimizer = new Optimizer(ops, decoder.trained(), SETTINGS)) {
            TrainStep step = new TrainStep(decoder, optimizer);
            return rows.stream()
                    .mapToDouble(row -> step.run(List.of(row), rate).loss().mean())
                    .toArray();
        }
    }

    private static void assertLosses(String what, double[] ours, double[] expected) {
        report(what, ours, expected);
        assertThat(fall(expected)).as("what PyTorch's steps teach").isGreaterThan(100 * TOLERANCE);
        assertThat(difference(ours, expected)).as(what).isLessThanOrEqualTo(TOLERANCE);
    }

    private static void report(String what, double[] ours, double[] expected) {
        System.out.printf(
                "%s: losses differ by %.2e at most, and fall by %.5f instead of %.5f; %s instead of %s%n",
                what,
                difference(ours, expected),
                fall(ours),
                fall(expected),
                Arrays.toString(ours),
                Arrays.toString(expected));
    }

    /** The largest of a step, in nats. */
    private static double difference(double[] ours, double[] expected) {
        return IntStream.range(0, STEPS)
                .mapToDouble(i -> Math.abs(ours[i] - expected[i]))
                .max()
                .orElseThrow();
    }

    /** By how much the mean loss of all sequences is smaller the last time than the first. */
    private static double fall(double[] losses) {
        double fall = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            fall += losses[i] - losses[STEPS - SEQUENCES + i];
        }
        return fall / SEQUENCES;
    }

    /** For each step a sequence of random ids, each token the target of the one before. */
    private static List<PackedRow> rows(Path model) throws IOException {
        try (StoredWeights stored = StoredWeights.open(model)) {
            Random random = new Random(SEED);
            List<PackedRow> sequences = Stream.generate(() -> PackedRow.nextToken(
                            random.ints(TOKENS, 0, stored.config().vocabulary()).toArray()))
                    .limit(SEQUENCES)
                    .toList();
            return IntStream.range(0, STEPS)
                    .mapToObj(i -> sequences.get(i % SEQUENCES))
                    .toList();
        }
    }

    private double[] losses(Path model, List<PackedRow> rows, Optional<Path> adapter) throws Exception {
        ObjectNode request = new ObjectMapper().createObjectNode();
        request.put("model", model.toString()).put("learning_rate", RATE).put("epsilon", SETTINGS.epsilon());
        request.putArray("betas").add(SETTINGS.beta1()).add(SETTINGS.beta2());
        request.put("adapter", adapter.map(Path::toString).orElse(null));
        rows.forEach(row ->
                Arrays.stream(row.ids_N()).forEach(request.withArray("batches").addArray()::add));
        Peers.run(folder, request);
        return Fixture.numbers(
                new ObjectMapper().readTree(folder.resolve("losses.json").toFile()));
    }
}

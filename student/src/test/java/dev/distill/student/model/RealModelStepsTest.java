package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twenty AdamW steps of SmolLM2-135M and Qwen2.5-Coder-0.5B, all weights and a LoRA: the losses of PyTorch in float32. Python computes them when
 * the test runs, see {@link Peers}; ten minutes and at most 6 GB on two cores that have nothing else to do.
 */
@Tag("slow")
final class RealModelStepsTest {
    private static final double LEARNING_RATE = 1e-5;
    private static final AdamWSettings SETTINGS = new AdamWSettings(0.9, 0.95, 1e-8, 0, Double.POSITIVE_INFINITY);
    private static final int STEPS = 20;
    private static final int TOKENS = 256;

    /** So few that every sequence comes again and again, and what a step has learnt shows in the next losses. */
    private static final int SEQUENCES = 4;

    private static final long SEED = 20261127;

    /**
     * What we compute in, and how far it may be from float32.
     *
     * @param loss largest difference of a step's loss, in nats, of about 13
     * @param fall difference of what the steps take off the mean loss of the sequences, as a share of that
     */
    private record Arithmetic(Compute compute, DType floating, double loss, double fall) {
        Ops ops() {
            return new CpuOps(Runtime.getRuntime().availableProcessors(), compute, floating);
        }
    }

    /** The project's bar, and far less than what the steps teach. */
    private static final double FLOAT_TOLERANCE = 1e-4;

    private static List<Arithmetic> arithmetics() {
        Arithmetic exact = new Arithmetic(Compute.FLOAT, DType.FLOAT, FLOAT_TOLERANCE, 0.01);
        return NativeChoice.hasEightBitProducts()
                ? List.of(
                        exact,
                        new Arithmetic(Compute.BFLOAT16, DType.BFLOAT16, 0.1, 0.05),
                        new Arithmetic(Compute.INT8, DType.BFLOAT16, 0.4, 0.10))
                : List.of(exact);
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = "smollm2-135m")
    void twentyStepsOfFullTrainingHaveTheLossesOfPyTorch(String name) throws Exception {
        Path model = Peers.model(name);
        List<PackedRow> rows = rows(model);
        double[] expected = losses(model, rows, Optional.empty());
        for (Arithmetic arithmetic : arithmetics()) {
            try (Ops ops = arithmetic.ops();
                    ModelWeights weights = Fixture.load(model, ops)) {
                double[] ours = train(ops, weights, ProjectionWrapper.NONE, rows);
                assertLosses(name + ", all weights", arithmetic, ours, expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2-135m", "qwen2.5-0.5b"})
    void twentyStepsOfAnAdapterHaveTheLossesOfPeft(String name) throws Exception {
        Path model = Peers.model(name);
        List<PackedRow> rows = rows(model);
        LoraConfig config = new LoraConfig(16, 32, false, List.of(LoraConfig.ALL_LINEAR), SEED);
        try (StoredWeights stored = StoredWeights.open(model)) {
            try (Lora lora = Lora.create(config, stored.config())) {
                Peers.save(lora, folder);
            }
            double[] expected = losses(model, rows, Optional.of(folder));
            for (Arithmetic arithmetic : arithmetics()) {
                try (Ops ops = arithmetic.ops();
                        Lora lora = Lora.create(config, stored.config());
                        ModelWeights weights =
                                ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.FROZEN)) {
                    double[] ours = train(ops, weights, lora, rows);
                    assertLosses(name + ", adapter", arithmetic, ours, expected);
                }
            }
        }
    }

    private static double[] train(Ops ops, ModelWeights weights, ProjectionWrapper wrapper, List<PackedRow> rows) {
        try (Decoder decoder = new Decoder(ops, weights, wrapper, Decoder.Memory.KEEP);
                Optimizer optimizer = new Optimizer(ops, decoder.trained(), SETTINGS)) {
            TrainStep step = new TrainStep(decoder, optimizer);
            return rows.stream()
                    .mapToDouble(
                            row -> step.run(List.of(row), LEARNING_RATE).loss().mean())
                    .toArray();
        }
    }

    private static void assertLosses(String what, Arithmetic arithmetic, double[] ours, double[] expected) {
        double difference = IntStream.range(0, STEPS)
                .mapToDouble(i -> Math.abs(ours[i] - expected[i]))
                .max()
                .orElseThrow();
        System.out.printf(
                "%s in %s: losses differ by %.2e at most, and fall by %.5f instead of %.5f; %s, PyTorch %s%n",
                what,
                arithmetic.compute,
                difference,
                fall(ours),
                fall(expected),
                Arrays.toString(ours),
                Arrays.toString(expected));
        assertThat(fall(expected)).as("what PyTorch's steps teach").isGreaterThan(100 * FLOAT_TOLERANCE);
        assertThat(difference).as(what).isLessThanOrEqualTo(arithmetic.loss);
        assertThat(difference <= FLOAT_TOLERANCE)
                .as("%s in %s: whether it is FLOAT's arithmetic", what, arithmetic.compute)
                .isEqualTo(arithmetic.compute == Compute.FLOAT);
        assertThat(fall(ours)).as(what).isCloseTo(fall(expected), within(arithmetic.fall * fall(expected)));
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
        request.put("model", model.toString())
                .put("learning_rate", LEARNING_RATE)
                .put("epsilon", SETTINGS.epsilon());
        request.putArray("betas").add(SETTINGS.beta1()).add(SETTINGS.beta2());
        request.put("adapter", adapter.map(Path::toString).orElse(null));
        rows.forEach(row ->
                Arrays.stream(row.ids_N()).forEach(request.withArray("batches").addArray()::add));
        Peers.run(folder, request);
        return Fixture.numbers(
                new ObjectMapper().readTree(folder.resolve("losses.json").toFile()));
    }
}

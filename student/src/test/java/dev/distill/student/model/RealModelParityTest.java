package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SmolLM2-135M and Qwen2.5-Coder-0.5B: the logits of transformers and the losses of PyTorch's AdamW, in float32. Python computes them when the
 * test runs, see {@link Peers}; a few minutes and at most 6 GB on two cores that have nothing else to do.
 */
@Tag("slow")
final class RealModelParityTest {
    private static final List<String> TEXTS = List.of(
            "The derivative of x^3 - 2x is 3x^2 - 2. Setting it to zero gives x = sqrt(2/3), about 0.816.",
            "def mean(values):\n    \"\"\"Average of a non-empty list.\"\"\"\n    return sum(values) / len(values)\n",
            "Über den Wolken 空の上 \uD83D\uDE80 naïve façade, 1234567890!");

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
     * @param logits largest difference, in shares of the largest logit
     * @param loss largest difference of a step's loss, in nats
     */
    private record Arithmetic(String name, Supplier<Ops> ops, double logits, double loss) {}

    private static final List<Arithmetic> ARITHMETICS = List.of(new Arithmetic("FLOAT", CpuOps::new, 2e-4, 1e-4));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"smollm2-135m", "qwen2.5-0.5b"})
    void logitsAreThoseOfTransformers(String name) throws Exception {
        Path model = Peers.model(name);
        ObjectNode request = new ObjectMapper().createObjectNode().put("model", model.toString());
        TEXTS.forEach(request.putArray("texts")::add);
        Peers.run(folder, request);
        JsonNode texts = new ObjectMapper().readTree(folder.resolve("ids.json").toFile());
        for (Arithmetic arithmetic : ARITHMETICS) {
            try (Arena arena = Arena.ofConfined();
                    StoredWeights stored = StoredWeights.open(model);
                    Ops ops = arithmetic.ops.get();
                    ModelWeights weights = ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.FROZEN);
                    Decoder decoder = new Decoder(ops, weights)) {
                Difference difference = new Difference(map(folder.resolve("logits.f32"), arena));
                for (JsonNode text : texts) {
                    decoder.forEachLogits(
                            PackedRow.nextToken(Fixture.ids(text)),
                            (n, logits_V) -> difference.add(logits_V.toArray()));
                }
                report(name, arithmetic, "logits differ by %.2e of the largest".formatted(difference.relative()));
                assertThat(difference.relative()).isLessThanOrEqualTo(arithmetic.logits);
            }
        }
    }

    /** Of all numbers of a file in their order. */
    private static final class Difference {
        private final MemorySegment expected;
        private long at;
        private double largest;
        private double difference;

        Difference(MemorySegment expected) {
            this.expected = expected;
        }

        void add(float[] actual) {
            for (float value : actual) {
                float there = expected.getAtIndex(ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN), at++);
                largest = Math.max(largest, Math.abs(there));
                difference = Math.max(difference, Math.abs((double) there - value));
            }
        }

        double relative() {
            assertThat(at * Float.BYTES).as("bytes compared").isEqualTo(expected.byteSize());
            return difference / largest;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "smollm2-135m")
    void twentyStepsOfFullTrainingHaveTheLossesOfPyTorch(String name) throws Exception {
        Path model = Peers.model(name);
        List<PackedRow> rows = rows(model);
        double[] expected = losses(model, rows, Optional.empty());
        for (Arithmetic arithmetic : ARITHMETICS) {
            try (Ops ops = arithmetic.ops.get();
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
            for (Arithmetic arithmetic : ARITHMETICS) {
                try (Ops ops = arithmetic.ops.get();
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
        report(
                what,
                arithmetic,
                "losses differ by %.2e; %s, PyTorch %s"
                        .formatted(difference, Arrays.toString(ours), Arrays.toString(expected)));
        assertThat(expected[0] - expected[STEPS - 1 - (STEPS - 1) % SEQUENCES])
                .as("what PyTorch's steps take off the loss of the first sequence, far more than the tolerance")
                .isGreaterThan(10 * arithmetic.loss);
        assertThat(difference).as(what).isLessThanOrEqualTo(arithmetic.loss);
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

    private static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file), arena);
        }
    }

    private static void report(String what, Arithmetic arithmetic, String result) {
        System.out.println(what + " in " + arithmetic.name + ": " + result);
    }
}

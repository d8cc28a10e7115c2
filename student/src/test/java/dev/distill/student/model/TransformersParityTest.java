package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.generate.TokenListener;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One tiny checkpoint of each family: the same logits, greedy text and training losses as transformers in float64. */
final class TransformersParityTest {
    private static final Ops OPS = TestOps.open();

    @AfterAll
    static void close() {
        OPS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama"})
    void logitsAreThoseOfTransformers(String family) throws Exception {
        Fixture fixture = Fixture.of(family);
        double[][] logits = new double[fixture.expected().get("logits").size()][];
        Arrays.setAll(
                logits, n -> Fixture.numbers(fixture.expected().get("logits").get(n)));
        double largest = Arrays.stream(logits)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        try (ModelWeights weights = fixture.trainedWeights(OPS);
                Decoder model = new Decoder(OPS, weights)) {
            int[] read = {0};
            model.forEachLogits(PackedRow.nextToken(fixture.ids("ids")), (n, logits_V) -> {
                float[] ours = logits_V.toArray();
                for (int id = 0; id < ours.length; id++) {
                    assertThat(Math.abs(ours[id] - logits[n][id]) / largest)
                            .as("position %d, id %d", n, id)
                            .isLessThan(2e-6);
                }
                read[0]++;
            });
            assertThat(read[0]).isEqualTo(logits.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama"})
    void greedyTextIsThatOfTransformers(String family) throws Exception {
        Fixture fixture = Fixture.of(family);
        int[] prompt = fixture.ids("ids");
        int[] whole = fixture.ids("greedy");
        int[] continuation = Arrays.copyOfRange(whole, prompt.length, whole.length);
        try (ModelWeights weights = fixture.trainedWeights(OPS);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 2, 64)) {
            GenerationRequest request =
                    new GenerationRequest(0, prompt, Sampling.GREEDY, 0, continuation.length, Set.of(0));
            List<Generation> generated = generator.generate(List.of(request), TokenListener.NONE);
            assertThat(generated.getFirst().ids()).containsExactly(continuation);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2", "qwen3", "llama"})
    void fiveStepsOfAdamWHaveTheLossesAndGradientNormsOfPyTorch(String family) throws Exception {
        Fixture fixture = Fixture.of(family);
        double[] losses = Fixture.numbers(fixture.expected().get("losses"));
        double[] norms = Fixture.numbers(fixture.expected().get("gradient_norms"));
        try (ModelWeights weights = fixture.trainedWeights(OPS);
                Decoder model = new Decoder(OPS, weights);
                Optimizer optimizer = new Optimizer(OPS, model.trained(), settings(fixture.expected()))) {
            TrainStep step = new TrainStep(model, optimizer);
            PackedRow row = packed(fixture.expected().get("batch"));
            double learningRate = fixture.expected().get("learning_rate").doubleValue();
            for (int i = 0; i < losses.length; i++) {
                TrainStep.Result result = step.run(List.of(row), learningRate);
                assertThat(Math.abs(result.loss().mean() / losses[i] - 1))
                        .as("loss of step %d: %s, PyTorch %s", i, result.loss().mean(), losses[i])
                        .isLessThan(1e-5);
                assertThat(Math.abs(result.gradientNorm() / norms[i] - 1))
                        .as("gradient norm of step %d: %s, PyTorch %s", i, result.gradientNorm(), norms[i])
                        .isLessThan(1e-5);
            }
        }
    }

    private static AdamWSettings settings(JsonNode expected) {
        return new AdamWSettings(
                expected.get("betas").get(0).doubleValue(),
                expected.get("betas").get(1).doubleValue(),
                expected.get("epsilon").doubleValue(),
                expected.get("weight_decay").doubleValue(),
                expected.get("clip").doubleValue());
    }

    /** Sequences of one length, packed, each token the target of the one before it. */
    private static PackedRow packed(JsonNode batch) {
        int[][] sequences = new int[batch.size()][];
        Arrays.setAll(sequences, s -> Fixture.ids(batch.get(s)));
        int[] lengths = Arrays.stream(sequences).mapToInt(s -> s.length).toArray();
        return new PackedRow(
                Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray(),
                Arrays.stream(sequences)
                        .flatMapToInt(
                                ids -> IntStream.of(PackedRow.nextToken(ids).targets_N()))
                        .toArray(),
                Sequences.ofLengths(lengths));
    }
}

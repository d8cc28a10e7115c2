package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.StreamSupport;

/** A tiny checkpoint made by src/test/python/make_fixtures.py, and what transformers computed with it. */
public record Fixture(Path folder, JsonNode expected) {

    public static Fixture of(String family) throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(Fixture.class.getResource(family), family)
                .toURI());
        return new Fixture(
                folder,
                new ObjectMapper().readTree(folder.resolve("expected.json").toFile()));
    }

    /** The weights, copied, so that the files need not stay open. */
    public ModelWeights trainedWeights(Ops ops) throws IOException {
        return load(folder, ops);
    }

    /** Any Hugging Face folder's weights, copied. */
    public static ModelWeights load(Path folder, Ops ops) throws IOException {
        try (StoredWeights stored = StoredWeights.open(folder)) {
            return ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.TRAINED);
        }
    }

    /** Every logit of every position, against those of the largest size. */
    public void assertLogits(Decoder model) {
        double[][] logits = rows("logits", Fixture::numbers, double[][]::new);
        double largest = Arrays.stream(logits)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        int[] read = {0};
        model.forEachLogits(PackedRow.nextToken(ids("ids")), (n, logits_V) -> {
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

    /** Losses, and gradient norms before clipping, of training all that the model has to train. */
    public void assertFiveSteps(Decoder model) {
        double[] losses = numbers(expected.get("losses"));
        double[] norms = numbers(expected.get("gradient_norms"));
        try (Optimizer optimizer = new Optimizer(model.ops(), model.trained(), settings())) {
            TrainStep step = new TrainStep(model, optimizer);
            double learningRate = expected.get("learning_rate").doubleValue();
            for (int i = 0; i < losses.length; i++) {
                TrainStep.Result result = step.run(List.of(batch()), learningRate);
                assertThat(Math.abs(result.loss().mean() / losses[i] - 1))
                        .as("loss of step %d: %s, PyTorch %s", i, result.loss().mean(), losses[i])
                        .isLessThan(1e-5);
                assertThat(Math.abs(result.gradientNorm() / norms[i] - 1))
                        .as("gradient norm of step %d: %s, PyTorch %s", i, result.gradientNorm(), norms[i])
                        .isLessThan(1e-5);
            }
        }
    }

    /** What the optimizer was told. */
    public AdamWSettings settings() {
        return new AdamWSettings(
                expected.get("betas").get(0).doubleValue(),
                expected.get("betas").get(1).doubleValue(),
                expected.get("epsilon").doubleValue(),
                expected.get("weight_decay").doubleValue(),
                expected.get("clip").doubleValue());
    }

    /** The training batch, packed, each token the target of the one before it. */
    public PackedRow batch() {
        int[][] sequences = rows("batch", Fixture::ids, int[][]::new);
        return new PackedRow(
                Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray(),
                Arrays.stream(sequences)
                        .flatMapToInt(
                                ids -> Arrays.stream(PackedRow.nextToken(ids).targets_N()))
                        .toArray(),
                Sequences.ofLengths(
                        Arrays.stream(sequences).mapToInt(ids -> ids.length).toArray()));
    }

    private <T> T[] rows(String key, Function<JsonNode, T> row, IntFunction<T[]> array) {
        return StreamSupport.stream(expected.get(key).spliterator(), false)
                .map(row)
                .toArray(array);
    }

    public int[] ids(String key) {
        return ids(expected.get(key));
    }

    /** A JSON array of integers. */
    public static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    /** A JSON array of numbers. */
    public static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }
}

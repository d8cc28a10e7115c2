package dev.distill.student.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
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

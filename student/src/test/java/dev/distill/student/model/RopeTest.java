package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rotary embeddings as published configurations state them; rope.json is what transformers makes of each. */
final class RopeTest {
    static List<JsonNode> published() throws IOException {
        try (InputStream in = Objects.requireNonNull(RopeTest.class.getResourceAsStream("rope.json"))) {
            return new ObjectMapper().readTree(in).valueStream().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void frequenciesAndAmplitudeAreThoseOfTransformers(JsonNode published) {
        Problems problems = new Problems("test");
        int positions = published.get("max_position_embeddings").intValue();
        Rope rope = RopeJson.read(published, positions, problems).orElseThrow();
        problems.throwIfAny();
        float[] ours = rope.inverseFrequencies(published.get("head_dim").intValue());
        double[] theirs = Fixture.numbers(published.get("frequencies"));
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < theirs.length; i++) {
            // theirs are computed in float
            assertThat(ours[i] / theirs[i]).as("frequency %d", i).isCloseTo(1, within(1e-6));
        }
        assertThat(rope.amplitude()).isCloseTo(published.get("amplitude").doubleValue(), within(1e-8));
    }

    @Test
    void yarnNeedsFrequenciesThatFall() {
        assertThatThrownBy(() -> new Rope(1, Rope.Scaling.Yarn.of(2, 16)))
                .hasMessage("rope scaling yarn: theta must be above 1, got 1.0");
    }
}

package dev.distill.student.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against {@code muon.json}, made by {@code make_muon_fixtures.py} with PyTorch in float64. */
final class MuonTest {
    private static final Ops OPS = TestOps.open();
    private static final double RATE = 0x1p-6;

    /** The script's: decay 1/8, no clipping. */
    private static final MuonSettings SETTINGS = new MuonSettings(
            MuonSettings.MOMENTUM, new AdamWSettings(0.9, 0.95, 1e-8, 0.125, Double.POSITIVE_INFINITY));

    @AfterAll
    static void close() {
        OPS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tall", "wide", "square"})
    void updatesAreTheFormulas(String name) throws IOException {
        JsonNode expected = fixture(name);
        try (Arena arena = Arena.ofShared()) {
            Tensor w = Tensor.allocate(arena, DType.FLOAT, ints(expected.get("shape")));
            w.setAll(floats(expected.get("start")));
            Parameter parameter = Parameter.trained("model.layers.0.mlp.up_proj.weight", w, arena);
            Tensor gradient = Objects.requireNonNull(parameter.gradient());
            try (Optimizer optimizer = new Optimizer(OPS, List.of(parameter), SETTINGS)) {
                for (int step = 0; step < expected.get("gradients").size(); step++) {
                    gradient.setAll(floats(expected.get("gradients").get(step)));
                    optimizer.step(RATE);
                    assertThat(gradient.toArray()).containsOnly(0);
                    assertClose(w, expected.get("weights").get(step));
                }
                Tensor momentum = Objects.requireNonNull(optimizer.state().get("momentum/" + parameter.name()));
                assertClose(momentum, expected.get("momentum"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tall", "wide", "square"})
    void singularValuesComeNearOne(String name) throws IOException {
        JsonNode expected = fixture(name);
        try (Arena arena = Arena.ofShared();
                Muon muon = new Muon(OPS);
                Workspace workspace = new Workspace();
                Workspace.Scope step = workspace.open()) {
            Tensor g = Tensor.allocate(arena, DType.FLOAT, ints(expected.get("shape")));
            g.setAll(floats(expected.get("gradients").get(0)));
            assertClose(muon.orthogonal(g, workspace), expected.get("orthogonalised"));
        }
    }

    @Test
    void embeddingHeadAndVectorsAreAdamWs() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN3, 1);
                Decoder model = new Decoder(OPS, weights);
                Optimizer optimizer = new Optimizer(OPS, model.trained(), SETTINGS)) {
            assertThat(optimizer.state())
                    .containsKeys(
                            "momentum/model.layers.1.self_attn.q_proj.weight",
                            "moment2/model.embed_tokens.weight",
                            "moment2/lm_head.weight",
                            "moment2/model.layers.0.input_layernorm.weight")
                    .doesNotContainKeys(
                            "moment1/model.layers.1.self_attn.q_proj.weight", "momentum/model.embed_tokens.weight");
        }
    }

    @Test
    void aMatrixWithoutGradientsOnlyDecays() {
        try (Arena arena = Arena.ofShared()) {
            Tensor w = Tensor.of(arena, new float[] {1, 2, 3, 4}, 2, 2);
            Parameter parameter = Parameter.trained("model.layers.0.mlp.up_proj.weight", w, arena);
            try (Optimizer optimizer = new Optimizer(OPS, List.of(parameter), SETTINGS)) {
                optimizer.step(0.5);
                assertThat(w.toArray()).containsExactly(new float[] {0.9375f, 1.875f, 2.8125f, 3.75f}, within(1e-6f));
            }
        }
        assertThatThrownBy(() -> new MuonSettings(1, AdamWSettings.DEFAULT))
                .hasMessage("Muon: the momentum must be in [0, 1), got 1.0");
    }

    private static void assertClose(Tensor actual, JsonNode expected) {
        assertThat(actual.toArray()).containsExactly(floats(expected), within(1e-5f));
    }

    private static JsonNode fixture(String name) throws IOException {
        try (InputStream file = MuonTest.class.getResourceAsStream("muon.json")) {
            return Objects.requireNonNull(new ObjectMapper().readTree(file).get(name), name);
        }
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).doubleValue();
        }
        return values;
    }
}

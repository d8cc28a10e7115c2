package dev.distill.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.export.ParityGate.DriftException;
import dev.distill.export.ParityGate.Parity;
import dev.distill.respond.TinyStudent;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParityGateTest {
    private static final List<int[]> PROMPTS = List.of(new int[] {5, 6, 7, 8, 9}, new int[] {30, 20, 10});

    private final Path folder;
    private final Ops ops = new CpuOps();

    ParityGateTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void writeTokenizer() throws IOException {
        TinyStudent.writeTokenizer(folder);
    }

    @AfterEach
    void close() {
        ops.close();
    }

    private void export(ModelWeights weights, WeightType type) throws IOException {
        HuggingFaceExport.write(folder, weights.config(), weights, type, folder);
    }

    @ParameterizedTest
    @EnumSource
    void anExportOfTheModelPasses(WeightType type) throws IOException {
        try (ModelWeights weights = TinyStudent.weights(TinyStudent.config(folder), 1);
                Decoder model = new Decoder(ops, weights)) {
            export(weights, type);
            Parity parity = ParityGate.check(model, weights, folder, type, PROMPTS);
            assertThat(parity.passes()).isTrue();
            assertThat(parity.largestLogit()).isPositive();
            if (type == WeightType.F32) {
                assertThat(parity.maxLogitDiff()).isZero();
                assertThat(parity.greedyAgreement()).isEqualTo(1);
            } else {
                assertThat(parity.maxLogitDiff()).as("rounding shows").isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChangedWeightIsRefusedByItsName(WeightType type) throws IOException {
        try (ModelWeights weights = TinyStudent.weights(TinyStudent.config(folder), 1);
                Decoder model = new Decoder(ops, weights)) {
            export(weights, type);
            Tensor changed = weights.get("model.layers.1.mlp.up_proj.weight");
            changed.set(7, changed.get(7) + 0.1f);
            assertThatThrownBy(() -> ParityGate.check(model, weights, folder, type, PROMPTS))
                    .isInstanceOf(DriftException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("parity gate: model.layers.1.mlp.up_proj.weight must hold what was trained")
                    .hasMessageContaining("Do not publish");
        }
    }

    @Test
    void ofAPromptNearOrOverTheModelsPositionsTheBeginningIsCompared() throws IOException {
        ModelConfig config = TinyStudent.config(folder); // 256 positions
        try (ModelWeights weights = TinyStudent.weights(config, 1);
                Decoder model = new Decoder(ops, weights)) {
            export(weights, WeightType.F32);
            for (int length : List.of(250, 300)) {
                Parity parity = ParityGate.check(model, weights, folder, WeightType.F32, List.of(new int[length]));
                assertThat(parity.passes()).isTrue();
                assertThat(parity.largestLogit()).as("something was compared").isPositive();
            }
        }
    }

    @Test
    void otherLogitsAreRefused() throws IOException {
        ModelConfig config = TinyStudent.config(folder);
        try (ModelWeights weights = TinyStudent.weights(config, 1);
                ModelWeights others = TinyStudent.weights(config, 2);
                Decoder other = new Decoder(ops, others)) {
            export(weights, WeightType.F32);
            assertThatThrownBy(() -> ParityGate.check(other, weights, folder, WeightType.F32, PROMPTS))
                    .isInstanceOf(DriftException.class)
                    .hasMessageContaining("a logit may differ by at most 1.0E-5 of the largest");
        }
    }
}

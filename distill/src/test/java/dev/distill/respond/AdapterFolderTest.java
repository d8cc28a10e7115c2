package dev.distill.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.export.HuggingFaceExport;
import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.WeightSource;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterFolderTest {
    private static final PackedRow ROW = PackedRow.nextToken(5, 6, 7, 8, 9, 10);

    private final Path base;
    private final Path adapter;
    private final Ops ops = new CpuOps();

    AdapterFolderTest(@TempDir Path folder) {
        this.base = folder.resolve("base");
        this.adapter = folder.resolve("adapter");
    }

    @BeforeEach
    void write() throws IOException {
        TinyStudent.write(base, 1);
        ModelConfig model = TinyStudent.config(base);
        LoraConfig config = new LoraConfig(4, 8, false, List.of(LoraConfig.ALL_LINEAR), 3);
        try (Lora lora = Lora.create(config, model)) {
            Random random = new Random(4);
            for (Parameter parameter : lora.parameters()) { // B too: a fresh adapter changes nothing
                for (long i = 0; i < parameter.value().size(); i++) {
                    parameter.value().set(i, (float) (0.1 * random.nextGaussian()));
                }
            }
            HuggingFaceExport.writeAdapter(adapter, config, lora.parameters(), base.toString());
        }
    }

    @AfterEach
    void close() {
        ops.close();
    }

    @Test
    void anAdapterIsReadBackAsItWasWritten() throws IOException {
        Random random = new Random(4);
        try (Lora lora = AdapterFolder.load(adapter, TinyStudent.config(base), ops)) {
            assertThat(lora.config().rank()).isEqualTo(4);
            assertThat(lora.config().scaling()).isEqualTo(2);
            for (Parameter parameter : lora.parameters()) {
                for (long i = 0; i < parameter.value().size(); i++) {
                    assertThat(parameter.value().get(i))
                            .as("%s[%d]", parameter.name(), i)
                            .isEqualTo((float) (0.1 * random.nextGaussian()));
                }
            }
        }
    }

    /** W x + s B (A x) and (W + s B A) x: the same but for rounding, and far from W x. */
    @Test
    void theAdapterAppliedAndTheAdapterMergedComputeTheSame() throws IOException {
        float[] plain;
        float[] applied;
        try (Student student = Student.open(base, null, ops)) {
            plain = student.model().logProbabilities(ROW);
        }
        try (Student student = Student.open(base, adapter, ops)) {
            assertThat(student.name()).isEqualTo(base.getFileName() + " + " + adapter.getFileName());
            applied = student.model().logProbabilities(ROW);
        }
        try (StoredWeights stored = StoredWeights.open(base);
                Lora lora = AdapterFolder.load(adapter, stored.config(), ops)) {
            WeightSource merged = lora.merged(stored, ops);
            try (ModelWeights weights = ModelWeights.load(stored.config(), merged, ops, ModelWeights.Use.FROZEN);
                    Decoder model = new Decoder(ops, weights)) {
                float[] together = model.logProbabilities(ROW);
                for (int n = 0; n + 1 < together.length; n++) {
                    assertThat(applied[n]).isCloseTo(together[n], within(1e-3f));
                    assertThat(Math.abs(applied[n] - plain[n]))
                            .as("the adapter counts")
                            .isGreaterThan(0.01f);
                }
            }
        }
    }

    /** One base, the model alone and its adapter in turns: each what it is when it is opened alone. */
    @Test
    void oneModelAnswersWithSeveralAdapters() throws IOException {
        float[] plain;
        float[] applied;
        try (Student student = Student.open(base, null, ops)) {
            plain = student.model().logProbabilities(ROW);
        }
        try (Student student = Student.open(base, adapter, ops)) {
            applied = student.model().logProbabilities(ROW);
        }
        try (Student alone = Student.open(base, null, ops);
                Student adapted = alone.with(adapter)) {
            for (int turn = 0; turn < 2; turn++) {
                assertThat(alone.model().logProbabilities(ROW)).isEqualTo(plain);
                assertThat(adapted.model().logProbabilities(ROW)).isEqualTo(applied);
            }
            assertThat(adapted.name()).isEqualTo(base.getFileName() + " + " + adapter.getFileName());
            try (Student open = Student.open(base, adapter, ops)) {
                assertThat(adapted.fingerprint()).isEqualTo(open.fingerprint()).isNotEqualTo(alone.fingerprint());
            }
        }
    }

    @Test
    void aVariantThatComputesSomethingElseIsRefused() throws IOException {
        Path config = adapter.resolve("adapter_config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"fan_in_fan_out\"", "\"use_qalora\" : true, \"x\""));
        assertThatThrownBy(() -> AdapterFolder.load(adapter, TinyStudent.config(base), ops))
                .hasMessageContaining("use_qalora is not supported, got true");
    }

    @Test
    void anAdapterOfAnotherRankThanItSaysIsRefused() throws IOException {
        Path config = adapter.resolve("adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("\"r\" : 4", "\"r\" : 5"));
        assertThatThrownBy(() -> AdapterFolder.load(adapter, TinyStudent.config(base), ops))
                .hasMessageContaining("lora_A.weight: must be")
                .hasMessageContaining("by the adapter's rank and the model");
    }
}

package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.PublishedShapes;
import dev.distill.student.model.Rope;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.UntrainedModel.Filling;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UntrainedModelTest {
    /** Sizes that no piece divides: the embedding has 3 pieces, the last of 379 numbers. */
    private static final ModelConfig SMALL = new ModelConfig(
            new Family.Qwen2(),
            15_899,
            33,
            1,
            new AttentionShape(3, 1, 8, true, false, false),
            7,
            Rope.of(10_000),
            1e-6,
            true,
            64,
            List.of(0));

    @TempDir
    Path folder;

    private StoredWeights write(String name, Filling filling) throws IOException {
        UntrainedModel.write(folder.resolve(name), SMALL, filling);
        return StoredWeights.open(folder.resolve(name));
    }

    @Test
    void matricesAreNormalNormsOneAndBiasesZero() throws IOException {
        try (StoredWeights weights = write("a", new Filling.Normal(0.02, 7))) {
            assertThat(weights.config()).isEqualTo(SMALL);
            assertThat(weights.names()).hasSize(SMALL.parameters().size());
            Tensor embedding = weights.get("model.embed_tokens.weight");
            double sum = 0;
            double squares = 0;
            int inside = 0;
            for (long i = 0; i < embedding.size(); i++) {
                float value = embedding.get(i);
                sum += value;
                squares += value * value;
                inside += Math.abs(value) < 0.02 ? 1 : 0;
            }
            // of n = 524,667 numbers; the table of 65,536 deviates has itself a mean within 0.02 / 256 of zero
            double n = embedding.size();
            assertThat(sum / n).isCloseTo(0, within(5 * 0.02 / 256));
            assertThat(Math.sqrt(squares / n)).isCloseTo(0.02, within(0.0005));
            assertThat(inside / n).as("within one deviation").isCloseTo(0.6827, within(0.01));
            assertThat(embedding.get(embedding.size() - 1))
                    .as("the last piece is whole")
                    .isNotZero();
            assertThat(values(weights, "model.norm.weight")).containsOnly(1f);
            assertThat(values(weights, "model.layers.0.self_attn.q_proj.bias")).containsOnly(0f);
        }
    }

    @Test
    void theSeedDecidesEveryByte() throws IOException {
        write("a", new Filling.Normal(0.02, 7)).close();
        write("b", new Filling.Normal(0.02, 7)).close();
        write("c", new Filling.Normal(0.02, 8)).close();
        assertThat(file("b")).hasSameBinaryContentAs(file("a"));
        assertThat(Files.mismatch(file("a"), file("c"))).isPositive();
    }

    /** 141 GB of weights in a few blocks for the header. */
    @Test
    void zerosTakeNoDisk() throws Exception {
        ModelConfig large = PublishedShapes.find("llama-3.3-70b").orElseThrow();
        UntrainedModel.write(folder.resolve("zeros"), large, new Filling.Zeros());
        assertThat(Files.size(file("zeros"))).isGreaterThan(141_000_000_000L);
        Process du = new ProcessBuilder("du", "-k", file("zeros").toString()).start();
        String kib = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\t")[0];
        assertThat(Long.parseLong(kib)).isLessThan(1024);
        try (StoredWeights weights = StoredWeights.open(folder.resolve("zeros"))) {
            assertThat(weights.get("lm_head.weight").size()).isEqualTo(128_256L * 8192);
            Tensor last = weights.get("model.norm.weight");
            assertThat(last.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @Test
    void aFolderIsWholeOnceItHasItsConfig() throws IOException {
        assertThat(UntrainedModel.isIn(folder.resolve("zeros"))).isFalse();
        write("zeros", new Filling.Zeros()).close();
        assertThat(UntrainedModel.isIn(folder.resolve("zeros"))).isTrue();
        assertThat(folder.resolve("zeros").toFile().list())
                .containsExactlyInAnyOrder("config.json", "model.safetensors");
    }

    private Path file(String name) {
        return folder.resolve(name).resolve("model.safetensors");
    }

    private static float[] values(StoredWeights weights, String name) throws IOException {
        Tensor tensor = weights.get(name);
        float[] values = new float[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.get(i);
        }
        return values;
    }
}

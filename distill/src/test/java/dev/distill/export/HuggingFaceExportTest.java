package dev.distill.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import dev.distill.respond.TinyStudent;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HuggingFaceExportTest {
    private final Path source;
    private final Path target;

    HuggingFaceExportTest(@TempDir Path folder) {
        this.source = folder.resolve("source");
        this.target = folder.resolve("target");
    }

    @BeforeEach
    void writeTokenizer() throws IOException {
        TinyStudent.writeTokenizer(source);
    }

    private List<String> export(WeightType type) throws IOException {
        ModelConfig config = TinyStudent.config(source);
        try (ModelWeights weights = TinyStudent.weights(config, 1)) {
            return HuggingFaceExport.write(target, config, weights, type, source);
        }
    }

    /** Rounding to the nearest of p significant bits is off by at most 2^-p of the value: 24, 8 and 11 bits. */
    private static double relativeError(WeightType type) {
        return switch (type) {
            case F32 -> 0;
            case BF16 -> Math.scalb(1.0, -8);
            case F16 -> Math.scalb(1.0, -11);
        };
    }

    @ParameterizedTest
    @EnumSource
    void weightsAndConfigAreReadBackAsTheyWereWritten(WeightType type) throws IOException {
        export(type);
        ModelConfig config = TinyStudent.config(source);
        try (ModelWeights weights = TinyStudent.weights(config, 1);
                StoredWeights read = StoredWeights.open(target)) {
            assertThat(read.config()).isEqualTo(config);
            assertThat(read.names())
                    .containsExactlyInAnyOrderElementsOf(config.parameters().stream()
                            .map(ParameterSpec::name)
                            .toList());
            for (ParameterSpec spec : config.parameters()) {
                requireClose(spec.name(), weights.get(spec.name()), read.get(spec.name()), relativeError(type));
            }
        }
        assertThat(json("config.json").path("torch_dtype").asText(type.torchName()))
                .isEqualTo(type.torchName());
    }

    private static void requireClose(String name, Tensor written, Tensor read, double relative) {
        assertThat(read.shape()).as(name).isEqualTo(written.shape());
        double subnormal = relative == 0 ? 0 : Math.scalb(1.0, -25); // half of the smallest F16
        for (long i = 0; i < written.size(); i++) {
            assertThat((double) read.get(i))
                    .as("%s[%d]", name, i)
                    .isCloseTo(written.get(i), within(relative * Math.abs(written.get(i)) + subnormal));
        }
    }

    @Test
    void everyFileThatIsWrittenIsNamed() throws IOException {
        List<String> files = export(WeightType.BF16);
        try (var listed = Files.list(target)) {
            assertThat(listed.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(files);
        }
        assertThat(files)
                .contains(
                        "config.json",
                        "generation_config.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "model.safetensors");
        assertThat(target.resolve("tokenizer.json")).hasSameBinaryContentAs(source.resolve("tokenizer.json"));
    }

    @Test
    void generationStopsAtTheTemplatesEndOfTurnToo() throws IOException {
        export(WeightType.F32);
        try (Tokenizer tokenizer = TokenizerFile.open(source)) {
            assertThat(json("generation_config.json").path("eos_token_id"))
                    .extracting(JsonNode::asInt)
                    .containsExactlyInAnyOrder(
                            tokenizer.id(TinyStudent.END_OF_TEXT).orElseThrow(),
                            tokenizer.id(TinyStudent.END_OF_TURN).orElseThrow());
        }
    }

    @Test
    void theBasesOwnSamplingIsKept() throws IOException {
        export(WeightType.F32);
        assertThat(json("generation_config.json").path("temperature").asDouble())
                .as("R1's advice where the base says nothing")
                .isEqualTo(0.6);
        Files.writeString(
                source.resolve("generation_config.json"), "{\"do_sample\": true, \"top_k\": 20, \"pad_token_id\": 0}");
        export(WeightType.F32);
        assertThat(json("generation_config.json").path("top_k").asInt()).isEqualTo(20);
        assertThat(json("generation_config.json").path("pad_token_id").asInt(-1))
                .isZero();
        assertThat(json("generation_config.json").has("temperature")).isFalse();
    }

    @Test
    void aModelWithoutATokenizerIsRefused(@TempDir Path empty) throws IOException {
        ModelConfig config = TinyStudent.config(source);
        try (ModelWeights weights = TinyStudent.weights(config, 1)) {
            assertThatThrownBy(() -> HuggingFaceExport.write(target, config, weights, WeightType.F32, empty))
                    .hasMessageContaining(empty.toString())
                    .hasMessageContaining("tokenizer.json");
        }
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(target.resolve(file).toFile());
    }
}

package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The GGUF file of a real model against the Hugging Face folder that another program made of it. Needs real weights:
 * {@code -Ddistill.models=FOLDER} with {@code gguf/*.gguf} and the folders named here.
 */
@Tag("slow")
class RealModelsTest {
    @ParameterizedTest
    @CsvSource({
        "gguf/SmolLM2-135M-Instruct.Q4_1.gguf, smollm2-135m",
        "gguf/qwen2.5-0.5b-q4.gguf, qwen2.5-0.5b",
    })
    void aGgufFileReadsLikeItsHuggingFaceFolder(String gguf, String folder) throws IOException {
        Path models = Path.of(System.getProperty("distill.models", "no-models"));
        assumeTrue(Files.exists(models.resolve(gguf)), "no " + models.resolve(gguf) + ": give -Ddistill.models=FOLDER");
        try (StoredWeights first = StoredWeights.open(models.resolve(gguf));
                StoredWeights second = StoredWeights.open(models.resolve(folder))) {
            assertThat(first.names()).containsAll(second.names());
            assertThat(first.config().rope()).isEqualTo(second.config().rope());
            for (String name : second.names()) {
                float[] a = floats(first.get(inFile(name, first, second)));
                float[] b = floats(second.get(name));
                assertThat(a).as(name).hasSameSizeAs(b);
                for (int i = 0; i < a.length; i++) {
                    // the folder is BF16: half a unit of its last of 8 bits
                    if (Math.abs(a[i] - b[i]) > Math.abs(b[i]) / 256 + 1e-30) {
                        assertThat(a[i]).as("%s[%d]", name, i).isEqualTo(b[i]);
                    }
                }
            }
        }
    }

    /** The file of Qwen holds its tied matrix in two types; the folder was made of the finer one, the output's. */
    private static String inFile(String name, StoredWeights file, StoredWeights folder) {
        boolean both = folder.config().tiedEmbeddings() && !file.config().tiedEmbeddings();
        return both && name.equals("model.embed_tokens.weight") ? "lm_head.weight" : name;
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.get(i);
        }
        return values;
    }
}

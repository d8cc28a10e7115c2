package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.generate.TokenListener;
import dev.distill.student.ops.Ops;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One tiny checkpoint of each family and of each rotary scaling: the same logits, greedy text and training losses as transformers in float64. */
final class TransformersParityTest {
    private static final Ops OPS = TestOps.open();

    /** Names of {@link Fixture}s. */
    static List<String> models() {
        return List.of("qwen2", "qwen3", "llama", "mistral", "llama-linear", "qwen2-yarn");
    }

    @AfterAll
    static void close() {
        OPS.close();
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAreThoseOfTransformers(String family) throws Exception {
        Fixture fixture = Fixture.of(family);
        try (ModelWeights weights = fixture.trainedWeights(OPS);
                Decoder model = new Decoder(OPS, weights)) {
            fixture.assertLogits(model);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
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
    @MethodSource("models")
    void fiveStepsOfAdamWHaveTheLossesAndGradientNormsOfPyTorch(String family) throws Exception {
        Fixture fixture = Fixture.of(family);
        try (ModelWeights weights = fixture.trainedWeights(OPS);
                Decoder model = new Decoder(OPS, weights)) {
            fixture.assertFiveSteps(model);
        }
    }
}

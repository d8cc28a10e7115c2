package dev.distill.student.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Ops;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with one row of a batch. */
final class RowFailureTest {
    private static final Ops OPS = TestOps.open();
    private static final Sampling WARM = new Sampling(1.3, 0, 0.95);

    private final ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, 5);
    private final Decoder model = new Decoder(OPS, weights);
    private final Map<Long, Generation> done = new HashMap<>();

    @AfterEach
    void close() {
        model.close();
        weights.close();
    }

    @AfterAll
    static void closeOps() {
        OPS.close();
    }

    private static GenerationRequest request(int row, int newTokens) {
        int[] prompt = new SplittableRandom(row)
                .ints(4 + row % 5, 0, TinyModels.VOCABULARY)
                .toArray();
        return new GenerationRequest(row, prompt, WARM, row, newTokens, Set.of());
    }

    private void toTheEnd(Generator generator, List<GenerationRequest> requests, TokenListener listener) {
        requests.forEach(request -> generator.begin(request, listener, result -> done.put(result.row(), result)));
        boolean some = true;
        while (some) {
            some = generator.decode(_ -> true, listener, result -> done.put(result.row(), result));
        }
    }

    private Generation alone(GenerationRequest request) {
        try (Generator generator = new Generator(model, 1, 40)) {
            return generator.generate(List.of(request), TokenListener.NONE).getFirst();
        }
    }

    @Test
    void aPromptThatCannotBeReadLeavesNoPageTaken() {
        GenerationRequest wrong = new GenerationRequest(1, new int[] {3, TinyModels.VOCABULARY}, WARM, 1, 20, Set.of());
        try (Generator generator = new Generator(model, 1, 40)) {
            for (int round = 0; round < 10; round++) {
                assertThat(generator.hasRoom(wrong.prompt(), wrong.maxNewTokens()))
                        .as("round %d", round)
                        .isTrue();
                assertThatThrownBy(() -> generator.begin(wrong, TokenListener.NONE, _ -> {}))
                        .hasMessage("embedding: token ids must be from 0 to 10, the rows of"
                                + " model.embed_tokens.weight; got 11; is the tokenizer another model's?");
            }
            toTheEnd(generator, List.of(request(2, 5)), TokenListener.NONE);
        }
        assertThat(Objects.requireNonNull(done.get(2L)).ids())
                .isEqualTo(alone(request(2, 5)).ids());
    }

    /** A listener that throws, or probabilities that are none, end one row: the others have the texts that they have alone. */
    @Test
    void whatGoesWrongWithOneRowEndsThatOne() {
        Map<Long, String> failed = new HashMap<>();
        TokenListener listener = new TokenListener() {
            @Override
            public boolean token(long row, int id, float logProb) {
                if (row == 1) {
                    throw new IllegalStateException("row 1 is not liked");
                }
                return true;
            }

            @Override
            public void failed(long row, RuntimeException why) {
                failed.put(row, String.valueOf(why.getMessage()));
            }
        };
        Sampling cold = new Sampling(1e-40, 0, 1);
        try (Generator generator = new Generator(model, 4, 40)) {
            GenerationRequest none = new GenerationRequest(4, new int[] {1, 2}, cold, 4, 8, Set.of());
            toTheEnd(generator, List.of(request(1, 8), request(2, 8), request(3, 8), none), listener);
            assertThat(generator.rows()).isZero();
        }
        assertThat(failed)
                .containsOnly(
                        Map.entry(1L, "row 1 is not liked"),
                        Map.entry(
                                4L,
                                "sampling: the probabilities of the next token are no numbers at temperature 1.0E-40;"
                                        + " raise it, or look whether the model's weights are whole"));
        assertThat(done).containsOnlyKeys(2L, 3L);
        assertThat(Objects.requireNonNull(done.get(2L)).ids())
                .isEqualTo(alone(request(2, 8)).ids());
        assertThatThrownBy(() -> alone(new GenerationRequest(4, new int[] {1, 2}, cold, 4, 8, Set.of())))
                .hasMessageContaining("are no numbers at temperature 1.0E-40");
    }

    @Test
    void aModelWhoseProbabilitiesAreNoNumbersWritesNoTokenZero() {
        weights.get("model.norm.weight").set(0, Float.NaN);
        GenerationRequest greedy = new GenerationRequest(6, new int[] {1, 2}, Sampling.GREEDY, 0, 4, Set.of());
        assertThatThrownBy(() -> alone(greedy))
                .hasMessage("generation row 6: the model's probabilities of its next token are no numbers; are its"
                        + " weights whole?");
    }
}

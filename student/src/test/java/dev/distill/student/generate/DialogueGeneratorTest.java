package dev.distill.student.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.student.generate.Generation.Finish;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DialogueGeneratorTest {
    private static final Ops OPS = TestOps.open();
    private static final Sampling WARM = new Sampling(1.3, 0, 0.95);

    @AfterAll
    static void close() {
        OPS.close();
    }

    private static ModelConfig config() {
        return GeneratorTest.longRows(TinyModels.QWEN3);
    }

    private static int[] random(long seed, int length) {
        return new SplittableRandom(seed).ints(length, 0, TinyModels.VOCABULARY).toArray();
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }

    private static GenerationRequest request(int[] prompt, long seed) {
        return new GenerationRequest(0, prompt, WARM, seed, 12, Set.of());
    }

    /** Each turn's prompt is all that was said and something new; the third takes back what the second turn answered. */
    private static List<GenerationRequest> turns(Decoder model) {
        List<GenerationRequest> turns = new ArrayList<>();
        try (DialogueGenerator dialogue = new DialogueGenerator(model, 400)) {
            int[] said = random(1, 100);
            turns.add(request(said, 1));
            int[] answer =
                    dialogue.generate(turns.getLast(), TokenListener.NONE).ids();
            int[] second = joined(said, answer, random(2, 70));
            turns.add(request(second, 2));
            turns.add(request(joined(second, random(3, 9)), 3));
            turns.add(request(second, 4)); // nothing new: its last token alone is read again
            turns.add(request(random(5, 3), 5)); // another conversation
        }
        return turns;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInTheCacheChangesNoBit(Compute compute) throws IOException {
        assumeTrue(NativeChoice.hasEightBitProducts(), "skipped: no processor with VNNI, or no ND4J with oneDNN");
        try (Ops ops = compute == Compute.FLOAT ? new CpuOps(2) : new CpuOps(2, compute, DType.BFLOAT16);
                ModelWeights source = TinyModels.weights(config(), 5);
                ModelWeights weights = ModelWeights.load(config(), source, ops, ModelWeights.Use.FROZEN);
                Decoder model = new Decoder(ops, weights);
                DialogueGenerator kept = new DialogueGenerator(model, 400)) {
            List<Integer> reused = new ArrayList<>();
            for (GenerationRequest turn : turns(model)) {
                Generation expected;
                try (DialogueGenerator fresh = new DialogueGenerator(model, 400)) {
                    expected = fresh.generate(turn, TokenListener.NONE);
                    assertThat(fresh.reused()).isZero();
                }
                Generation actual = kept.generate(turn, TokenListener.NONE);
                reused.add(kept.reused());
                assertThat(actual.ids()).isEqualTo(expected.ids());
                assertThat(actual.logProbs()).as("to the bit").isEqualTo(expected.logProbs());
            }
            // the last token of an answer has no position: nothing was computed after it
            assertThat(reused).containsExactly(0, 111, 182, 181, 0);
        }
    }

    @Test
    void computesWhatTheWholeForwardDoes() {
        try (ModelWeights weights = TinyModels.weights(config(), 5);
                Decoder model = new Decoder(OPS, weights);
                DialogueGenerator dialogue = new DialogueGenerator(model, 400)) {
            for (GenerationRequest turn : turns(model)) {
                Generation generation = dialogue.generate(turn, TokenListener.NONE);
                int[] whole = joined(turn.prompt(), generation.ids());
                float[] expected = model.logProbabilities(PackedRow.nextToken(whole));
                for (int i = 0; i < generation.ids().length; i++) {
                    assertThat(generation.logProbs()[i])
                            .isCloseTo(expected[turn.prompt().length - 1 + i], within(2e-5f));
                }
            }
        }
    }

    /** The listener's exception and its wish to stop leave a cache that the next turn can go on from. */
    @Test
    void goesOnAfterATurnThatWasCutShort() {
        try (ModelWeights weights = TinyModels.weights(config(), 5);
                Decoder model = new Decoder(OPS, weights);
                DialogueGenerator dialogue = new DialogueGenerator(model, 400)) {
            GenerationRequest turn = request(random(1, 10), 1);
            int[] whole = dialogue.generate(turn, TokenListener.NONE).ids();
            int[] heard = {0};
            Generation cancelled = dialogue.generate(turn, (row, id, logProb) -> ++heard[0] < 3);
            assertThat(cancelled.finish()).isEqualTo(Finish.CANCELLED);
            assertThat(cancelled.ids()).isEqualTo(Arrays.copyOf(whole, 3));
            assertThatThrownBy(() -> dialogue.generate(request(joined(turn.prompt(), whole), 2), (row, id, logProb) -> {
                        throw new IllegalStateException("no more");
                    }))
                    .hasMessage("no more");
            assertThat(dialogue.generate(turn, TokenListener.NONE).ids()).isEqualTo(whole);
        }
    }

    @Test
    void thePositionsAreALimit() {
        try (ModelWeights weights = TinyModels.weights(config(), 5);
                Decoder model = new Decoder(OPS, weights);
                DialogueGenerator dialogue = new DialogueGenerator(model, 20)) {
            Generation cut = dialogue.generate(request(random(1, 15), 1), TokenListener.NONE);
            assertThat(cut.finish()).isEqualTo(Finish.LENGTH);
            assertThat(cut.ids()).hasSize(20 - 15 + 1);
            Generation tooLong = dialogue.generate(request(random(1, 21), 1), TokenListener.NONE);
            assertThat(tooLong.finish()).isEqualTo(Finish.LENGTH);
            assertThat(tooLong.ids()).isEmpty();
            assertThatThrownBy(() -> new DialogueGenerator(model, 1025))
                    .hasMessage("dialogue: needs 1 to 1024 positions, got 1025");
        }
    }
}

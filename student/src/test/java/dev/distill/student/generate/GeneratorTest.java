package dev.distill.student.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.student.generate.Generation.Finish;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.DecodingSession;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.Rope;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GeneratorTest {
    private static final Ops OPS = TestOps.open();
    private static final long SEED = 5;
    private static final Sampling WARM = new Sampling(1.3, 0, 0.95);

    @AfterAll
    static void close() {
        OPS.close();
    }

    static Stream<ModelConfig> configs() {
        return Stream.of(TinyModels.QWEN2, TinyModels.QWEN3, TinyModels.LLAMA);
    }

    /** The cache against the packed forward: the same log-probabilities for the text that came out. */
    @ParameterizedTest
    @MethodSource("configs")
    void theCacheComputesWhatTheWholeForwardDoes(ModelConfig config) {
        List<GenerationRequest> requests = requests(5, Set.of());
        try (ModelWeights weights = TinyModels.weights(config, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 3, 40)) {
            List<Generation> generated = generator.generate(requests, TokenListener.NONE);
            for (int r = 0; r < requests.size(); r++) {
                int[] prompt = requests.get(r).prompt();
                int[] whole = IntStream.concat(
                                IntStream.of(prompt),
                                IntStream.of(generated.get(r).ids()))
                        .toArray();
                float[] expected = model.logProbabilities(PackedRow.nextToken(whole));
                float[] logProbs = generated.get(r).logProbs();
                for (int i = 0; i < logProbs.length; i++) {
                    assertThat(logProbs[i])
                            .as("row %d, new token %d", r, i)
                            .isCloseTo(expected[prompt.length - 1 + i], within(2e-5f));
                }
            }
        }
    }

    /** Also one wide enough for matrix products to be cut into blocks. */
    static Stream<ModelConfig> configsAndAWideOne() {
        AttentionShape attention = new AttentionShape(8, 2, 64, true, false, false);
        ModelConfig wide = new ModelConfig(
                new Family.Qwen2(),
                TinyModels.VOCABULARY,
                512,
                1,
                attention,
                1400,
                Rope.of(100),
                1e-5,
                true,
                64,
                List.of(0));
        return Stream.concat(configs(), Stream.of(wide));
    }

    @ParameterizedTest
    @MethodSource("configsAndAWideOne")
    void aRowDoesNotDependOnItsCompany(ModelConfig config) {
        List<GenerationRequest> requests = requests(12, Set.of(0));
        try (ModelWeights weights = TinyModels.weights(config, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator many = new Generator(model, 5, 40);
                Generator one = new Generator(model, 1, 40)) {
            assertSameBits(many.generate(requests, TokenListener.NONE), one.generate(requests, TokenListener.NONE));
        }
    }

    private static void assertSameBits(List<Generation> together, List<Generation> alone) {
        assertThat(together).hasSameSizeAs(alone);
        for (int r = 0; r < alone.size(); r++) {
            assertThat(together.get(r).ids())
                    .as("row %d", r)
                    .isEqualTo(alone.get(r).ids());
            assertThat(together.get(r).logProbs())
                    .as("row %d, to the bit", r)
                    .isEqualTo(alone.get(r).logProbs());
        }
    }

    /** In each type, and in batches that take other ways through the products than one row does. */
    @ParameterizedTest
    @EnumSource
    void nothingInABatchChangesARow(Compute compute) throws IOException {
        assumeTrue(NativeChoice.hasEightBitProducts(), "skipped: no processor with VNNI, or no ND4J with oneDNN");
        ModelConfig config = configsAndAWideOne().toList().getLast();
        List<GenerationRequest> requests = requests(100, Set.of(0));
        try (Ops ops = compute == Compute.FLOAT ? new CpuOps(2) : new CpuOps(2, compute, DType.BFLOAT16);
                ModelWeights source = TinyModels.weights(config, SEED);
                ModelWeights weights = ModelWeights.load(config, source, ops, ModelWeights.Use.INFERENCE);
                Decoder model = new Decoder(ops, weights);
                Generator many = new Generator(model, 80, 40);
                Generator one = new Generator(model, 1, 40)) {
            assertSameBits(many.generate(requests, TokenListener.NONE), one.generate(requests, TokenListener.NONE));
        }
    }

    /** Samples of one prompt: read once, and each what it is alone. Prompts end inside a page and at its end. */
    @ParameterizedTest
    @ValueSource(ints = {7, DecodingSession.PAGE, DecodingSession.PAGE + 30})
    void samplesOfAPromptShareItsPages(int length) {
        int[] prompt = new SplittableRandom(length)
                .ints(length, 0, TinyModels.VOCABULARY)
                .toArray();
        List<GenerationRequest> samples = IntStream.range(0, 6)
                .mapToObj(row -> new GenerationRequest(row, prompt, WARM, 100 + row, 20, Set.of()))
                .toList();
        ModelConfig config = longRows(TinyModels.QWEN2);
        try (ModelWeights weights = TinyModels.weights(config, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 4, 160)) {
            List<Generation> together = generator.generate(samples, TokenListener.NONE);
            assertThat(together.stream()
                            .map(each -> Arrays.toString(each.ids()))
                            .distinct())
                    .hasSizeGreaterThan(3);
            for (GenerationRequest sample : samples) {
                try (Generator alone = new Generator(model, 1, 160)) {
                    Generation expected =
                            alone.generate(List.of(sample), TokenListener.NONE).getFirst();
                    Generation actual = together.get((int) sample.row());
                    assertThat(actual.ids()).isEqualTo(expected.ids());
                    assertThat(actual.logProbs()).isEqualTo(expected.logProbs());
                }
            }
        }
    }

    /** As on-policy training does: a prompt that comes again after an update is read again. */
    @Test
    void weightsMayChangeBetweenCalls() {
        List<GenerationRequest> requests = List.of(request(0, 10, Set.of()));
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator kept = new Generator(model, 1, 40);
                Generator fresh = new Generator(model, 1, 40)) {
            List<Generation> before = kept.generate(requests, TokenListener.NONE);
            Tensor norm = weights.get("model.layers.0.input_layernorm.weight");
            norm.set(0, norm.get(0) + 1);
            List<Generation> after = kept.generate(requests, TokenListener.NONE);
            assertThat(after.getFirst().logProbs())
                    .isNotEqualTo(before.getFirst().logProbs());
            assertSameBits(after, fresh.generate(requests, TokenListener.NONE));
        }
    }

    static ModelConfig longRows(ModelConfig config) {
        return new ModelConfig(
                config.family(),
                config.vocabulary(),
                config.width(),
                config.layers(),
                config.attention(),
                config.mlpWidth(),
                config.rope(),
                config.normEpsilon(),
                config.tiedEmbeddings(),
                1024,
                config.eosIds());
    }

    /** A thousand requests of mixed lengths through a cache that has room for three of them at a time. */
    @Test
    void aThousandRequestsPassThroughASmallCache() {
        ModelConfig config = longRows(TinyModels.LLAMA);
        SplittableRandom random = new SplittableRandom(5);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int row = 0; row < 1000; row++) {
            int[] prompt = random.ints(random.nextInt(1, 100), 0, TinyModels.VOCABULARY)
                    .toArray();
            requests.add(new GenerationRequest(row, prompt, WARM, row, random.nextInt(1, 60), Set.of(0)));
        }
        try (ModelWeights weights = TinyModels.weights(config, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator whole = new Generator(model, 1, 160);
                Generator small = new Generator(model, 16, 160, 9 * DecodingSession.pageBytes(model))) {
            List<Generation> expected = whole.generate(requests, TokenListener.NONE);
            List<Generation> actual = small.generate(requests, TokenListener.NONE);
            for (int row = 0; row < 1000; row++) {
                assertThat(actual.get(row).ids())
                        .as("row %d", row)
                        .isEqualTo(expected.get(row).ids());
            }
            assertThatThrownBy(() -> new Generator(model, 1, 160, 2 * DecodingSession.pageBytes(model)))
                    .hasMessageMatching("decoding: a row of 160 positions needs a cache of \\d+ bytes, got \\d+;"
                            + " allow more, or shorter rows");
        }
    }

    /** Each choice against the logits of the whole text so far, with the penalty worked out here. */
    @Test
    void aRepetitionPenaltyIsForWhatIsInPromptOrText() {
        GenerationRequest plain = request(0, 20, Set.of());
        GenerationRequest penalised =
                new GenerationRequest(0, plain.prompt(), Sampling.GREEDY.withRepetitionPenalty(1.7), 0, 20, Set.of());
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 1, 60)) {
            int[] free = generator
                    .generate(List.of(plain), TokenListener.NONE)
                    .getFirst()
                    .ids();
            int[] ids = generator
                    .generate(List.of(penalised), TokenListener.NONE)
                    .getFirst()
                    .ids();
            assertThat(ids).hasSize(20).isNotEqualTo(free);
            int[] whole = IntStream.concat(IntStream.of(plain.prompt()), IntStream.of(ids))
                    .toArray();
            int first = plain.prompt().length;
            model.forEachLogits(PackedRow.nextToken(whole), (n, logits_V) -> {
                if (n >= first - 1 && n + 1 < whole.length) {
                    float[] scores_V = logits_V.toArray();
                    Arrays.stream(whole, 0, n + 1)
                            .distinct()
                            .forEach(id -> scores_V[id] *= scores_V[id] > 0 ? 1 / 1.7f : 1.7f);
                    assertThat(whole[n + 1]).as("token %d", n + 1).isEqualTo(TokenSampler.likeliest(scores_V));
                }
            });
        }
    }

    @Test
    void aFreeSlotIsTakenWhileOthersGoOn() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 2, 60)) {
            List<GenerationRequest> requests = List.of(
                    request(0, 30, Set.of()),
                    request(1, 3, Set.of()),
                    request(2, 3, Set.of()),
                    request(3, 3, Set.of()));
            List<Long> ended = new ArrayList<>();
            generator.generate(requests.iterator(), TokenListener.NONE, done -> ended.add(done.row()));
            assertThat(ended).containsExactly(1L, 2L, 3L, 0L); // three short ones pass through beside the long one
        }
    }

    @Test
    void endsAtAnEndTokenALimitOrTheListenersWish() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 2, 20)) {
            int[] free = generator
                    .generate(List.of(request(0, 10, Set.of())), TokenListener.NONE)
                    .getFirst()
                    .ids();
            int end = free[4];
            int first = IntStream.range(0, free.length)
                    .filter(i -> free[i] == end)
                    .findFirst()
                    .orElseThrow();
            Generation stopped = generator
                    .generate(List.of(request(0, 10, Set.of(end, 10_000))), TokenListener.NONE)
                    .getFirst();
            assertThat(stopped.finish()).isEqualTo(Finish.END);
            assertThat(stopped.ids())
                    .containsExactly(IntStream.of(free).limit(first + 1L).toArray());

            List<Integer> heard = new ArrayList<>();
            Generation cancelled = generator
                    .generate(List.of(request(0, 10, Set.of())), (row, id, logProb) -> {
                        heard.add(id);
                        return heard.size() < 3;
                    })
                    .getFirst();
            assertThat(cancelled.finish()).isEqualTo(Finish.CANCELLED);
            assertThat(cancelled.ids()).containsExactly(free[0], free[1], free[2]);
            assertThat(heard).containsExactly(free[0], free[1], free[2]);
        }
    }

    @Test
    void theCachesPositionsAreALimitToo() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 1, 8)) {
            Generation cut = generator
                    .generate(List.of(request(0, 100, Set.of())), TokenListener.NONE)
                    .getFirst();
            assertThat(cut.finish()).isEqualTo(Finish.LENGTH);
            assertThat(cut.ids()).hasSize(8 - 4 + 1); // the last token needs no position
        }
    }

    @Test
    void aPromptLongerThanTheCacheEndsAtOnceAndTheOthersGoOn() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 1, 8)) {
            List<Generation> all =
                    generator.generate(List.of(tooLong(9), request(0, 2, Set.of()), tooLong(10)), TokenListener.NONE);
            assertThat(all).extracting(Generation::finish).containsOnly(Finish.LENGTH);
            assertThat(all).extracting(generation -> generation.ids().length).containsExactly(0, 2, 0);
        }
    }

    private static GenerationRequest tooLong(long row) {
        return new GenerationRequest(row, new int[9], Sampling.GREEDY, 0, 1, Set.of());
    }

    @Test
    void rowsNeedNumbersOfTheirOwn() {
        try (ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, SEED);
                Decoder model = new Decoder(OPS, weights);
                Generator generator = new Generator(model, 1, 20)) {
            List<GenerationRequest> twice = List.of(request(1, 2, Set.of()), request(1, 2, Set.of()));
            assertThatThrownBy(() -> generator.generate(twice, TokenListener.NONE))
                    .hasMessageContaining("2 requests share 1 row numbers");
        }
    }

    private static GenerationRequest request(long row, int maxNewTokens, Set<Integer> endIds) {
        return new GenerationRequest(row, new int[] {3, 1, 4, 1}, WARM, SEED + row, maxNewTokens, endIds);
    }

    /** Prompts of 1 to 12 tokens, greedy and sampled in turn. */
    private static List<GenerationRequest> requests(int count, Set<Integer> endIds) {
        Random random = new Random(SEED);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            int[] prompt = random.ints(1 + random.nextInt(12), 0, TinyModels.VOCABULARY)
                    .toArray();
            Sampling sampling = r % 2 == 0 ? Sampling.GREEDY : WARM;
            requests.add(new GenerationRequest(r, prompt, sampling, SEED + r, 4 + random.nextInt(20), endIds));
        }
        return requests;
    }
}

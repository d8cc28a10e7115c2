package dev.distill.student.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.TestOps;
import dev.distill.student.model.TinyModels;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.TeacherRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A generator that a server drives: requests come while others run. */
final class GeneratorStepTest {
    private static final Ops OPS = TestOps.open();
    private static final Sampling WARM = new Sampling(1.3, 0, 0.95);

    private final ModelWeights weights = TinyModels.weights(TinyModels.QWEN2, 5);
    private final Decoder model = new Decoder(OPS, weights);
    private final Deque<GenerationRequest> queue = new ArrayDeque<>();
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

    /** As a server does it: what is there and has room begins, then every row has a token. */
    private boolean step(Generator generator, int slots) {
        while (!queue.isEmpty() && generator.rows() < slots && hasRoom(generator, queue.element())) {
            generator.begin(queue.remove(), TokenListener.NONE, result -> done.put(result.row(), result));
        }
        return generator.decode(_ -> true, TokenListener.NONE, result -> done.put(result.row(), result));
    }

    private static boolean hasRoom(Generator generator, GenerationRequest request) {
        return generator.hasRoom(request.prompt(), request.maxNewTokens());
    }

    private Generation alone(GenerationRequest request) {
        try (Generator generator = new Generator(model, 1, 40)) {
            return generator.generate(List.of(request), TokenListener.NONE).getFirst();
        }
    }

    @Test
    void rowsThatJoinARunningBatchAreWhatTheyAreAlone() {
        List<GenerationRequest> requests =
                IntStream.range(0, 9).mapToObj(row -> request(row, 5 + row)).toList();
        try (Generator generator = new Generator(model, 3, 40)) {
            assertThat(step(generator, 3)).as("nothing to do").isFalse();
            int given = 0;
            int most = 0;
            while (given < requests.size()) {
                queue.add(requests.get(given++));
                assertThat(step(generator, 3)).isTrue();
                most = Math.max(most, generator.rows());
            }
            while (step(generator, 3)) {
                most = Math.max(most, generator.rows());
            }
            assertThat(most).isEqualTo(3);
            assertThat(generator.rows()).isZero();
        }
        for (GenerationRequest request : requests) {
            Generation joined = Objects.requireNonNull(done.get(request.row()));
            assertThat(joined.ids()).isEqualTo(alone(request).ids());
            assertThat(joined.logProbs()).isEqualTo(alone(request).logProbs());
        }
    }

    /** A row that its reader holds up stays where it is, and goes on as if nothing had been. */
    @Test
    void aRowThatIsNotWantedNowWaitsInItsPlace() {
        try (Generator generator = new Generator(model, 2, 40)) {
            queue.addAll(List.of(request(1, 12), request(2, 12)));
            step(generator, 2);
            for (int i = 0; i < 5; i++) {
                assertThat(generator.decode(row -> row == 2, TokenListener.NONE, _ -> {}))
                        .isTrue();
            }
            assertThat(generator.decode(_ -> false, TokenListener.NONE, _ -> {}))
                    .as("nobody is wanted")
                    .isFalse();
            while (step(generator, 2)) {
                // to the end
            }
        }
        for (int row = 1; row <= 2; row++) {
            assertThat(Objects.requireNonNull(done.get((long) row)).ids())
                    .isEqualTo(alone(request(row, 12)).ids());
        }
    }

    /** The samples of two clients take turns: neither prompt is read twice. */
    @Test
    void promptsWhoseSamplesTakeTurnsAreRemembered() {
        int[] first = {1, 2, 3};
        int[] second = {4, 5, 6, 7};
        try (Generator generator = new Generator(model, 8, 40)) {
            for (int row = 0; row < 8; row++) {
                int[] prompt = row % 2 == 0 ? first : second;
                GenerationRequest request = new GenerationRequest(row, prompt, WARM, row, 5, Set.of());
                assertThat(generator.remembers(prompt)).isEqualTo(row >= 2);
                queue.add(request);
                step(generator, 8);
            }
            while (step(generator, 8)) {
                // to the end
            }
            for (int row = 0; row < 8; row++) {
                int[] prompt = row % 2 == 0 ? first : second;
                assertThat(Objects.requireNonNull(done.get((long) row)).ids())
                        .isEqualTo(alone(new GenerationRequest(row, prompt, WARM, row, 5, Set.of()))
                                .ids());
            }
        }
    }

    @Test
    void whatIsAbandonedGivesItsPagesBack() {
        try (Generator generator = new Generator(model, 2, 40)) {
            for (int round = 0; round < 50; round++) {
                queue.addAll(List.of(request(1, 20), request(2, 20), request(3, 20)));
                step(generator, 2);
                assertThat(generator.rows()).isEqualTo(2);
                generator.abandon();
                queue.clear();
                assertThat(generator.rows()).isZero();
            }
            assertThat(done).isEmpty();
        }
    }

    @Test
    void theLikeliestTokensAreTheModelsOwn() {
        int[] prompt = {3, 1, 4, 1, 5};
        List<TeacherRows> told = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        try (Generator generator = new Generator(model, 1, 40)) {
            GenerationRequest asked = new GenerationRequest(0, prompt, WARM, 7, 12, Set.of(), 4);
            generator.generate(List.of(asked), new TokenListener() {
                @Override
                public boolean token(long row, int id, float logProb) {
                    throw new AssertionError("the other one is called");
                }

                @Override
                public boolean token(long row, int id, float logProb, TeacherRows likeliest) {
                    ids.add(id);
                    told.add(likeliest);
                    return true;
                }
            });
        }
        int[] whole = IntStream.concat(IntStream.of(prompt), ids.stream().mapToInt(Integer::intValue))
                .toArray();
        TeacherRows expected = model.likeliest(PackedRow.nextToken(whole), 4, 1);
        assertThat(told).hasSize(12);
        for (int n = 0; n < told.size(); n++) {
            for (int i = 0; i < 4; i++) {
                assertThat(told.get(n).id(0, i)).as("token %d", n).isEqualTo(expected.id(prompt.length - 1 + n, i));
                assertThat(told.get(n).logProbability(0, i))
                        .isCloseTo(expected.logProbability(prompt.length - 1 + n, i), within(2e-5f));
            }
        }
        assertThatThrownBy(() -> new GenerationRequest(0, prompt, WARM, 7, 12, Set.of(), -1))
                .hasMessage("generation row 0: likeliest tokens must be at least 0, got -1");
    }
}

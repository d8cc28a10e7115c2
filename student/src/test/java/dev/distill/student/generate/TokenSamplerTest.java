package dev.distill.student.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenSamplerTest {
    private static final float[] P = {0.05f, 0.4f, 0.1f, 0.25f, 0.15f, 0.05f};
    private static final int DRAWS = 40_000;
    private static final long SEED = 42;

    /** Each line: the options, and the share of draws that each id must get, worked out by hand. */
    @ParameterizedTest
    @CsvSource({
        "0, 1.0, 0, 0.05, 0.4, 0.1, 0.25, 0.15, 0.05",
        "0, 1.0, 0.3, 0, 0.5, 0, 0.3125, 0.1875, 0", // of 0.4 at least 0.12
        "0, 0.7, 0.5, 0, 0.6154, 0, 0.3846, 0, 0", // after top-p, of 0.4 at least 0.2
        "2, 1.0, 0.7, 0, 1, 0, 0, 0, 0",
        "0, 1.0, 1, 0, 1, 0, 0, 0, 0",
        "2, 1.0, 0, 0,      0.6154, 0,    0.3846, 0,      0", // 0.4 and 0.25 of 0.65
        "9, 1.0, 0, 0.05,   0.4,    0.1,  0.25,   0.15,   0.05",
        "0, 0.7, 0, 0,      0.5,    0,    0.3125, 0.1875, 0", // 0.4 + 0.25 + 0.15 is the first sum from 0.7 on
        "0, 0.4, 0, 0,      1,      0,    0,      0,      0",
        "2, 0.6, 0, 0,      1,      0,    0,      0,      0", // after top-k the first holds 0.615
        "5, 0.99, 0, 0.0526, 0.4211, 0.1053, 0.2632, 0.1579, 0", // of the two with 0.05 the smaller id stays
    })
    void drawsEachTokenAsOftenAsItShould(
            int topK, double topP, double minP, double p0, double p1, double p2, double p3, double p4, double p5) {
        TokenSampler sampler = new TokenSampler(new Sampling(1, topK, topP).withMinP(minP), SEED);
        int[] counts = new int[P.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampler.draw(P)]++;
        }
        double[] expected = {p0, p1, p2, p3, p4, p5};
        for (int id = 0; id < P.length; id++) {
            double share = (double) counts[id] / DRAWS;
            if (expected[id] == 0) {
                assertThat(counts[id]).as("id %d", id).isZero();
            }
            // four standard deviations of a share near one half
            assertThat(share)
                    .as("id %d, seed %d", id, SEED)
                    .isCloseTo(expected[id], within(4 * 0.5 / Math.sqrt(DRAWS)));
        }
    }

    @Test
    void aSeedFixesTheDraws() {
        assertThat(draws(1)).isEqualTo(draws(1)).isNotEqualTo(draws(2));
    }

    /** Its share of the total rounds to nothing. */
    @Test
    void theSmallestNucleusHoldsTheLikeliestToken() {
        float[] nearly = {0.3f, 0.4f, 0.3f};
        assertThat(new TokenSampler(new Sampling(1, 1, Double.MIN_VALUE), 1).draw(nearly))
                .isEqualTo(1);
    }

    @Test
    void whatIsNoProbabilityIsNotDrawnFrom() {
        float[] none = {Float.NaN, Float.NaN, Float.NaN};
        for (Sampling sampling : List.of(new Sampling(1, 0, 1), new Sampling(1, 2, 1), new Sampling(1, 0, 0.9))) {
            assertThatThrownBy(() -> new TokenSampler(sampling, 1).draw(none))
                    .hasMessageStartingWith("sampling: the probabilities of the next token are no numbers");
        }
    }

    private static int[] draws(long seed) {
        TokenSampler sampler = new TokenSampler(new Sampling(1, 0, 0.95), seed);
        return IntStream.range(0, 50).map(i -> sampler.draw(P)).toArray();
    }

    @Test
    void theSmallerOfEquallyLikelyIdsIsTheLikeliest() {
        assertThat(TokenSampler.likeliest(new float[] {-2, 1, 0, 1})).isEqualTo(1);
    }

    @Test
    void refusesOptionsWithoutMeaning() {
        assertThatThrownBy(() -> new Sampling(-1, 0, 1)).hasMessageContaining("temperature >= 0");
        assertThatThrownBy(() -> new Sampling(1, 0, 0)).hasMessageContaining("0 < top-p <= 1");
        assertThatThrownBy(() -> Sampling.GREEDY.withMinP(1.1)).hasMessageContaining("0 <= min-p <= 1");
        assertThatThrownBy(() -> Sampling.GREEDY.withRepetitionPenalty(0)).hasMessageContaining("penalty above 0");
    }
}

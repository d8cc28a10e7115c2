package dev.distill.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same figures as others' programs give. Each was computed by their own code in Python 3.12 with numpy 2.4.6 and scipy 1.17.1, called with n scores of which
 * the first {@code right} are 1: pass@k by openai/human-eval's {@code estimate_pass_at_k} (commit 6d43fb98, 2025-01-17) and again by huggingface/lighteval's {@code
 * PassAtK.pass_at_k} (commit 3fd15266, 2026-05-05), which agreed to 1e-15; G-Pass@k and mG-Pass@k by the same lighteval's {@code GPassAtK.g_pass_at_k}, which
 * takes the tail of scipy's hypergeometric distribution. pass@k was checked besides with whole numbers, 1 - comb(n - right, k) / comb(n, k).
 */
class PublishedFormulasTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0, 1, 0.0",
        "1, 1, 1, 1.0",
        "4, 1, 2, 0.5",
        "8, 3, 5, 0.9821428571428572",
        "10, 9, 2, 1.0",
        "16, 1, 8, 0.5",
        "64, 5, 1, 0.078125",
        "64, 5, 16, 0.7754211679383546",
        "64, 40, 8, 0.9998338356254565",
        "64, 64, 64, 1.0",
        "200, 7, 100, 0.9929911172418123",
        "200, 1, 10, 0.050000000000000044"
    })
    void passAtKIsThatOfHumanEvalAndLighteval(int n, int right, int k, double theirs) {
        assertThat(PassAtK.unbiased(n, right, k)).isCloseTo(theirs, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "48, 30, 16, 0.9999839715145519, 0.9423273990377173, 0.17188757573256921, 6.449331222143522e-05, 0.25924495517120194",
        "48, 3, 16, 0, 0, 0, 0, 0",
        "48, 47, 16, 1, 1, 1, 0.6666666666666667, 0.9583333333333334",
        "64, 40, 16, 0.9999462778486937, 0.9307705824007946, 0.18659057318590622, 0.00012865636852233908, 0.26163739832957644",
        "16, 9, 4, 0.9807692307692307, 0.8076923076923077, 0.39230769230769236, 0.06923076923076923, 0.23076923076923078",
        "8, 5, 4, 1, 0.9285714285714286, 0.5, 0.07142857142857144, 0.2857142857142857",
        "9, 6, 3, 0.9880952380952381, 0.7738095238095237, 0.23809523809523814, 0.23809523809523814, 0.15873015873015875",
        "6, 0, 2, 0, 0, 0, 0, 0"
    })
    void gPassAtKIsThatOfLighteval(
            int n, int right, int k, double quarter, double half, double threeQuarters, double all, double mean) {
        assertThat(GPassAtK.unbiased(n, right, k, 0.25)).isCloseTo(quarter, within(1e-12));
        assertThat(GPassAtK.unbiased(n, right, k, 0.5)).isCloseTo(half, within(1e-12));
        assertThat(GPassAtK.unbiased(n, right, k, 0.75)).isCloseTo(threeQuarters, within(1e-12));
        assertThat(GPassAtK.unbiased(n, right, k, 1)).isCloseTo(all, within(1e-12));
        assertThat(GPassAtK.mean(n, right, k)).isCloseTo(mean, within(1e-12));
    }
}

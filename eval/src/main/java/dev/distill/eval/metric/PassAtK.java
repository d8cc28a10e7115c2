package dev.distill.eval.metric;

/** The chance that at least one of k samples is right. */
public final class PassAtK {
    private PassAtK() {}

    /**
     * The unbiased estimate from {@code n} samples of which {@code right} were right: 1 - C(n - right, k) / C(n, k) (Chen et
     * al. 2021, "Evaluating large language models trained on code", equation 1), computed as a product so that nothing
     * overflows.
     */
    public static double unbiased(int n, int right, int k) {
        if (right < 0 || right > n || k < 1 || k > n) {
            throw new IllegalArgumentException(
                    "pass@k: need 0 <= right <= n and 1 <= k <= n; got n " + n + ", right " + right + ", k " + k);
        }
        double allWrong = 1;
        for (int i = 0; i < k; i++) {
            allWrong *= Math.max(0, n - right - i) / (double) (n - i);
        }
        return 1 - allWrong;
    }
}

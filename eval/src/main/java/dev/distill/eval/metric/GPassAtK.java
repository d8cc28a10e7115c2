package dev.distill.eval.metric;

/**
 * How steadily a question is solved: the chance that at least a share tau of k samples is right, where pass@k asks for one (Liu
 * et al. 2024, "Are your LLMs capable of stable reasoning?", arXiv 2412.13147, equations 2 to 4).
 */
public final class GPassAtK {
    /** Above the rounding of tau x k, below 1 / k of any k. */
    private static final double ROUNDING = 1e-9;

    private GPassAtK() {}

    /**
     * G-Pass@k of tau, unbiased: of {@code n} samples {@code right} were right; the sum over j from ceil(tau k), at least 1, of
     * C(right, j) C(n - right, k - j) / C(n, k).
     *
     * @param tau above 0 to 1; towards 0 it is pass@k, 1 asks for all k
     */
    public static double unbiased(int n, int right, int k, double tau) {
        if (right < 0 || right > n || k < 1 || k > n || !(tau > 0 && tau <= 1)) {
            throw new IllegalArgumentException("G-Pass@k: need 0 <= right <= n, 1 <= k <= n and 0 < tau <= 1; got n "
                    + n + ", right " + right + ", k " + k + ", tau " + tau);
        }
        return atLeast(n, right, k, (int) Math.max(1, Math.ceil(tau * k - ROUNDING)));
    }

    /** mG-Pass@k: twice the area under G-Pass@k from tau 1/2 to 1, that is 2/k times the sum over i from ceil(k/2) + 1 to k of G-Pass@k of i/k. */
    public static double mean(int n, int right, int k) {
        if (right < 0 || right > n || k < 1 || k > n) {
            throw new IllegalArgumentException(
                    "mG-Pass@k: need 0 <= right <= n and 1 <= k <= n; got n " + n + ", right " + right + ", k " + k);
        }
        double sum = 0;
        for (int i = (k + 1) / 2 + 1; i <= k; i++) {
            sum += atLeast(n, right, k, i);
        }
        return 2 * sum / k;
    }

    /** Of k drawn from n without replacement at least this many right ones, the hypergeometric tail in logarithms. */
    private static double atLeast(int n, int right, int k, int least) {
        double sum = 0;
        double all = logChoose(n, k);
        for (int j = Math.max(least, k - (n - right)); j <= Math.min(right, k); j++) {
            sum += Math.exp(logChoose(right, j) + logChoose(n - right, k - j) - all);
        }
        return Math.min(1, sum);
    }

    private static double logChoose(int n, int k) {
        double log = 0;
        for (int i = 1; i <= k; i++) {
            log += Math.log((n - k + i) / (double) i);
        }
        return log;
    }
}

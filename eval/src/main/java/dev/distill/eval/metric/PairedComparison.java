package dev.distill.eval.metric;

/**
 * Two models on the same questions: only questions on which they differ say anything.
 *
 * @param onlyFirst questions that only the first solved
 * @param onlySecond questions that only the second solved
 * @param difference second minus first, as a share of all questions
 * @param p two-sided exact p-value of "they are equally good"
 */
public record PairedComparison(int onlyFirst, int onlySecond, double difference, double p) {

    /** McNemar's exact test (the sign test on the questions that differ; Q. McNemar, Psychometrika 12, 1947). */
    public static PairedComparison of(boolean[] first, boolean[] second) {
        if (first.length != second.length || first.length == 0) {
            throw new IllegalArgumentException(
                    "paired comparison: need the same questions twice; got " + first.length + " and " + second.length);
        }
        int onlyFirst = 0;
        int onlySecond = 0;
        for (int i = 0; i < first.length; i++) {
            if (first[i] && !second[i]) {
                onlyFirst++;
            } else if (second[i] && !first[i]) {
                onlySecond++;
            }
        }
        double difference = (onlySecond - onlyFirst) / (double) first.length;
        return new PairedComparison(onlyFirst, onlySecond, difference, twoSided(onlyFirst, onlySecond));
    }

    /** Twice the tail of Binomial(n, 1/2) beyond the smaller count, at most 1; summed in logarithms. */
    private static double twoSided(int a, int b) {
        int n = a + b;
        double tail = 0;
        double logTerm = -n * Math.log(2);
        for (int i = 0; i <= Math.min(a, b); i++) {
            if (i > 0) {
                logTerm += Math.log((n - i + 1.0) / i);
            }
            tail += Math.exp(logTerm);
        }
        return Math.min(1, 2 * tail);
    }
}

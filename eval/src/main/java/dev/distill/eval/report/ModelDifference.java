package dev.distill.eval.report;

import dev.distill.eval.metric.PairedComparison;
import dev.distill.eval.metric.PairedScores;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two models on the questions of one task.
 *
 * @param paired their scores, question by question
 * @param solved McNemar's test, where each gave one response a question; else null
 * @param adjustedP of all tasks compared in the same report together, see {@link dev.distill.eval.metric.Holm}
 */
public record ModelDifference(PairedScores paired, @Nullable PairedComparison solved, double adjustedP) {
    /** Not adjusted yet. */
    static ModelDifference of(GradedTask first, GradedTask second) {
        List<String> asked = ids(first);
        if (!asked.equals(ids(second))) {
            throw new IllegalArgumentException("task " + first.task().name() + ": " + second.model()
                    + " was asked other questions than " + first.model()
                    + ", so that they cannot be compared; evaluate both on the same file and limit");
        }
        double[] before = scores(first);
        double[] after = scores(second);
        PairedScores paired = PairedScores.of(before, after);
        PairedComparison solved =
                paired.questions() > 0 && single(first) && single(second) ? solved(before, after) : null;
        return new ModelDifference(paired, solved, solved == null ? paired.p() : solved.p());
    }

    ModelDifference adjusted(double p) {
        return new ModelDifference(paired, solved, p);
    }

    /** Whether a question has a score of both; else nothing can be said. */
    boolean isKnown() {
        return paired.questions() > 0;
    }

    /** Two-sided, NaN where nothing can be said: McNemar's for one response a question, else by flipping signs. */
    public double p() {
        return solved == null ? paired.p() : solved.p();
    }

    /** Of the test that gave p, for people. */
    public String test() {
        return solved != null
                ? "McNemar, exact"
                : paired.exact() ? "sign-flip permutation, exact" : "sign-flip permutation, 100,000 random";
    }

    private static List<String> ids(GradedTask graded) {
        return graded.questions().stream().map(one -> one.question().id()).toList();
    }

    private static double[] scores(GradedTask graded) {
        return graded.questions().stream()
                .mapToDouble(GradedTask.GradedQuestion::score)
                .toArray();
    }

    private static boolean single(GradedTask graded) {
        return graded.questions().stream().allMatch(one -> one.samples().size() <= 1);
    }

    private static PairedComparison solved(double[] before, double[] after) {
        boolean[] first = new boolean[before.length];
        boolean[] second = new boolean[before.length];
        int n = 0;
        for (int i = 0; i < before.length; i++) {
            if (Double.isFinite(before[i]) && Double.isFinite(after[i])) {
                first[n] = before[i] == 1;
                second[n++] = after[i] == 1;
            }
        }
        return PairedComparison.of(Arrays.copyOf(first, n), Arrays.copyOf(second, n));
    }
}

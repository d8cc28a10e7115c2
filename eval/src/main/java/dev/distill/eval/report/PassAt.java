package dev.distill.eval.report;

import dev.distill.eval.metric.GPassAtK;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.metric.PassAtK;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import java.util.ArrayList;
import java.util.List;

/**
 * The chance that at least one of k responses is right, averaged over questions.
 *
 * @param k responses that may be tried
 * @param questions with at least k valid responses; the others cannot say
 * @param share pass@k with the 95 % interval of a bootstrap over questions; pass@1 of one response with Wilson's
 */
public record PassAt(int k, int questions, Interval share) {
    /** For k = 1, 2, 4, ... and the number of samples, as far as half of the questions have so many valid responses. */
    static List<PassAt> of(List<GradedQuestion> questions, int samples) {
        List<PassAt> curve = new ArrayList<>();
        for (int k = 1; k <= samples; k = k < samples && 2 * k > samples ? samples : 2 * k) {
            int tried = k;
            double[] shares = questions.stream()
                    .filter(one -> one.valid().size() >= tried)
                    .mapToDouble(one -> PassAtK.unbiased(one.valid().size(), one.right(), tried))
                    .toArray();
            if (shares.length > 0 && 2 * shares.length >= questions.size()) {
                // one response a question: the score itself, with its interval
                Interval share = samples == 1 ? TaskScore.interval(questions) : Interval.bootstrap(shares, 0);
                curve.add(new PassAt(k, shares.length, share));
            }
        }
        return curve;
    }

    /**
     * How steadily questions are solved, see {@link GPassAtK}.
     *
     * @param k responses of which a share must be right: the largest power of two of which three times as many were drawn, since
     *     the estimate is noisy with fewer (Liu et al. 2024 draw 48 for 16)
     * @param questions with at least 3 k valid responses
     * @param half G-Pass@k of 0.5
     * @param threeQuarters of 0.75
     * @param all of 1: all k must be right
     * @param mean mG-Pass@k
     */
    public record Steady(int k, int questions, double half, double threeQuarters, double all, double mean) {
        /** Empty where there are fewer than six samples. */
        static List<Steady> of(List<GradedQuestion> questions, int samples) {
            int k = Integer.highestOneBit(samples / 3);
            List<GradedQuestion> enough = questions.stream()
                    .filter(one -> one.valid().size() >= 3 * k)
                    .toList();
            if (k < 2 || enough.isEmpty()) {
                return List.of();
            }
            return List.of(new Steady(
                    k, enough.size(), tau(enough, k, 0.5), tau(enough, k, 0.75), tau(enough, k, 1), mean(enough, k)));
        }

        private static double tau(List<GradedQuestion> questions, int k, double tau) {
            return questions.stream()
                    .mapToDouble(one -> GPassAtK.unbiased(one.valid().size(), one.right(), k, tau))
                    .average()
                    .orElseThrow();
        }

        private static double mean(List<GradedQuestion> questions, int k) {
            return questions.stream()
                    .mapToDouble(one -> GPassAtK.mean(one.valid().size(), one.right(), k))
                    .average()
                    .orElseThrow();
        }
    }
}

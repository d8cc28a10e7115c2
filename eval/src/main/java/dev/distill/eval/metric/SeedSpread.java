package dev.distill.eval.metric;

import java.util.Arrays;

/**
 * How far scores of single runs lie apart: what a report of one run a question would have said, had it drawn other samples.
 *
 * @param runs as many as samples a question
 * @param mean of the runs' scores
 * @param deviation between runs, with runs - 1 below; NaN for one run
 * @param min the worst run
 * @param max the best run
 */
public record SeedSpread(int runs, double mean, double deviation, double min, double max) {
    /** @param scores one a run: the share of questions whose sample of this number was right */
    public static SeedSpread of(double[] scores) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("seed spread: need at least one run");
        }
        double mean = Arrays.stream(scores).average().orElseThrow();
        double squares = Arrays.stream(scores).map(x -> (x - mean) * (x - mean)).sum();
        return new SeedSpread(
                scores.length,
                mean,
                scores.length == 1 ? Double.NaN : Math.sqrt(squares / (scores.length - 1)),
                Arrays.stream(scores).min().orElseThrow(),
                Arrays.stream(scores).max().orElseThrow());
    }

    /**
     * The standard error of the mean of all runs that comes from sampling answers, with these questions given: deviation /
     * sqrt(runs). Other questions would add to it; that is what an interval over questions is for.
     */
    public double standardError() {
        return deviation / Math.sqrt(runs);
    }
}

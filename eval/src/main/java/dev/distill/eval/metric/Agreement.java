package dev.distill.eval.metric;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far two graders agree on the same answers, a judge model and a rule for example.
 *
 * @param items both have graded
 * @param raw share of equal grades, with Wilson's interval
 * @param kappa agreement beyond chance, (raw - chance) / (1 - chance) (J. Cohen, Educational and Psychological Measurement 20,
 *     1960), with the interval of its large-sample standard error (Fleiss, Cohen and Everitt, Psychological Bulletin 72, 1969,
 *     equation 13), cut at -1 and 1; NaN where both give all items one and the same grade, for then nothing is beyond chance
 */
public record Agreement(int items, Interval raw, Interval kappa) {
    private static final double Z = 1.959963984540054;

    /** Compares two lists of grades of the same items, in the same order. */
    public static Agreement of(List<String> first, List<String> second) {
        if (first.size() != second.size() || first.isEmpty()) {
            throw new IllegalArgumentException(
                    "agreement: need the same items twice; got " + first.size() + " and " + second.size() + " grades");
        }
        SortedSet<String> words = new TreeSet<>(first);
        words.addAll(second);
        List<String> grades = List.copyOf(words);
        double[][] share = new double[grades.size()][grades.size()];
        int equal = 0;
        for (int i = 0; i < first.size(); i++) {
            share[grades.indexOf(first.get(i))][grades.indexOf(second.get(i))] += 1.0 / first.size();
            equal += first.get(i).equals(second.get(i)) ? 1 : 0;
        }
        return new Agreement(first.size(), Interval.wilson(equal, first.size()), kappa(share, first.size()));
    }

    private static Interval kappa(double[][] share, int n) {
        int grades = share.length;
        double[] row = new double[grades];
        double[] column = new double[grades];
        double raw = 0;
        for (int i = 0; i < grades; i++) {
            raw += share[i][i];
            for (int j = 0; j < grades; j++) {
                row[i] += share[i][j];
                column[j] += share[i][j];
            }
        }
        double chance = 0;
        for (int i = 0; i < grades; i++) {
            chance += row[i] * column[i];
        }
        if (grades == 1) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN);
        }
        double kappa = (raw - chance) / (1 - chance);
        double variance = -square(kappa - chance * (1 - kappa));
        for (int i = 0; i < grades; i++) {
            for (int j = 0; j < grades; j++) {
                variance += i == j
                        ? share[i][i] * square(1 - (row[i] + column[i]) * (1 - kappa))
                        : share[i][j] * square(1 - kappa) * square(column[i] + row[j]);
            }
        }
        double half = Z * Math.sqrt(Math.max(0, variance) / n) / (1 - chance);
        return new Interval(kappa, Math.max(-1, kappa - half), Math.min(1, kappa + half));
    }

    private static double square(double x) {
        return x * x;
    }
}

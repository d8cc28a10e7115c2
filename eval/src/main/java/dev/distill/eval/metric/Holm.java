package dev.distill.eval.metric;

import java.util.Arrays;
import java.util.Comparator;

/** Several comparisons at once: by chance alone one of twenty is significant at 5 %. */
public final class Holm {
    private Holm() {}

    /**
     * Adjusted p-values, in the same order: those below 0.05 may all be called significant, and the chance that any of them is
     * none stays below 5 % (S. Holm, Scandinavian Journal of Statistics 6, 1979).
     */
    public static double[] adjusted(double[] p) {
        for (double one : p) {
            if (!(one >= 0 && one <= 1)) {
                throw new IllegalArgumentException("Holm: a p-value must be 0 to 1; got " + one);
            }
        }
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> p[i]));
        double[] adjusted = new double[p.length];
        double least = 0;
        for (int rank = 0; rank < p.length; rank++) {
            least = Math.max(least, Math.min(1, (p.length - rank) * p[order[rank]]));
            adjusted[order[rank]] = least;
        }
        return adjusted;
    }
}

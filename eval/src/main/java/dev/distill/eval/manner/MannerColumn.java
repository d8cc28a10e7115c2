package dev.distill.eval.manner;

import dev.distill.eval.manner.Measure.Finding;
import dev.distill.eval.metric.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One measure over all responses to a task.
 *
 * @param name the measure's
 * @param unit of the figures
 * @param responses that something could be said of
 * @param value the mean over questions of the means of their responses, with its 95 % interval: Wilson's for a share with one
 *     response a question, else of a bootstrap over questions; NaN where there is no response
 * @param median over responses; NaN where there is none
 */
public record MannerColumn(String name, Measure.Unit unit, int responses, Interval value, double median) {
    /** @param findings by question, then by response */
    static MannerColumn of(Measure measure, List<List<Optional<Finding>>> findings) {
        List<Double> means = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        boolean single = true;
        for (List<Optional<Finding>> question : findings) {
            List<Double> values = question.stream()
                    .flatMap(Optional::stream)
                    .map(Finding::value)
                    .toList();
            if (!values.isEmpty()) {
                means.add(values.stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow());
            }
            single &= values.size() <= 1;
            all.addAll(values);
        }
        if (all.isEmpty()) {
            Interval none = new Interval(Double.NaN, Double.NaN, Double.NaN);
            return new MannerColumn(measure.name(), measure.unit(), 0, none, Double.NaN);
        }
        double[] perQuestion = means.stream().mapToDouble(Double::doubleValue).toArray();
        return new MannerColumn(
                measure.name(), measure.unit(), all.size(), interval(measure, perQuestion, single), median(all));
    }

    private static Interval interval(Measure measure, double[] perQuestion, boolean single) {
        if (measure.unit() != Measure.Unit.SHARE) {
            return Interval.bootstrapOfAmounts(perQuestion, 0);
        }
        return single
                ? Interval.wilson((int) Arrays.stream(perQuestion).sum(), perQuestion.length)
                : Interval.bootstrap(perQuestion, 0);
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}

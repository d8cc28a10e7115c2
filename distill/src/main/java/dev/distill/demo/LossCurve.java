package dev.distill.demo;

import dev.distill.demo.SvgChart.Point;
import dev.distill.train.StepReport;
import dev.distill.train.TrainResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The losses of one training run, ready to be drawn.
 *
 * @param training exponential moving average of the steps' losses, at most a few hundred points
 * @param validation as measured
 */
record LossCurve(List<Point> training, List<Point> validation) {
    private static final int MOST_POINTS = 300;

    /** Weight of what came before: the average looks back about twenty steps. */
    private static final double DECAY = 0.95;

    LossCurve {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }

    static LossCurve of(TrainResult result) {
        List<StepReport> reports = result.reports();
        int every = Math.max(1, reports.size() / MOST_POINTS);
        List<Point> training = new ArrayList<>();
        List<Point> validation = new ArrayList<>();
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < reports.size(); i++) {
            StepReport report = reports.get(i);
            if (Double.isFinite(report.loss())) {
                // Divided by the weights so far, the average is not drawn towards 0 at the start.
                sum = DECAY * sum + (1 - DECAY) * report.loss();
                weight = DECAY * weight + (1 - DECAY);
                if (i % every == 0 || i == reports.size() - 1) {
                    training.add(new Point(report.step(), sum / weight));
                }
            }
            if (Double.isFinite(report.validationLoss())) {
                validation.add(new Point(report.step(), report.validationLoss()));
            }
        }
        return new LossCurve(training, validation);
    }

    /** Largest step, at least 1. */
    double lastStep() {
        return all().mapToDouble(Point::x).reduce(1, Math::max);
    }

    /** Largest loss; 1 where there is none above 0. */
    double largest() {
        double largest = all().mapToDouble(Point::y).reduce(0, Math::max);
        return largest > 0 ? largest : 1;
    }

    private Stream<Point> all() {
        return Stream.concat(training.stream(), validation.stream());
    }
}

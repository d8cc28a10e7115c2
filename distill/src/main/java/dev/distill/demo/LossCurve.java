package dev.distill.demo;

import dev.distill.demo.SvgChart.Point;
import dev.distill.train.StepReport;
import dev.distill.train.TrainResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The losses of one training run, ready to be drawn.
 *
 * @param window steps whose mean loss is one point of the line
 * @param training the line, at most a hundred points, the last of the steps that are left
 * @param validation as measured
 */
record LossCurve(int window, List<Point> training, List<Point> validation) {
    private static final int MOST_POINTS = 100;

    LossCurve {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }

    static LossCurve of(TrainResult result) {
        List<StepReport> steps = result.reports().stream()
                .filter(report -> Double.isFinite(report.loss()))
                .toList();
        int window = Math.max(1, Math.ceilDiv(steps.size(), MOST_POINTS));
        List<Point> training = new ArrayList<>();
        for (int from = 0; from < steps.size(); from += window) {
            List<StepReport> mean = steps.subList(from, Math.min(steps.size(), from + window));
            double loss = mean.stream().mapToDouble(StepReport::loss).average().orElseThrow();
            training.add(new Point(mean.getLast().step(), loss));
        }
        List<Point> validation = result.reports().stream()
                .filter(report -> Double.isFinite(report.validationLoss()))
                .map(report -> new Point(report.step(), report.validationLoss()))
                .toList();
        return new LossCurve(window, training, validation);
    }

    /** The steps of all points. */
    DoubleStream steps() {
        return all().mapToDouble(Point::step);
    }

    /** The losses of all points that a logarithmic axis can show. */
    DoubleStream losses() {
        return all().mapToDouble(Point::loss).filter(loss -> loss > 0);
    }

    private Stream<Point> all() {
        return Stream.concat(training.stream(), validation.stream());
    }
}

package dev.distill.demo;

import dev.distill.train.TrainResult;
import java.util.stream.DoubleStream;

/** The losses of student and twin side by side, on the same axes. */
final class LossFigures {
    private final LossCurve student;
    private final LossCurve twin;
    private final double steps;
    private final LogAxis losses;

    private LossFigures(LossCurve student, LossCurve twin) {
        this.student = student;
        this.twin = twin;
        this.steps = DoubleStream.concat(student.steps(), twin.steps()).reduce(1, Math::max);
        double smallest =
                DoubleStream.concat(student.losses(), twin.losses()).min().orElse(1);
        double largest =
                DoubleStream.concat(student.losses(), twin.losses()).max().orElse(1);
        this.losses = LogAxis.over(smallest, largest);
    }

    static String html(TrainResult student, TrainResult twin) {
        LossFigures figures = new LossFigures(LossCurve.of(student), LossCurve.of(twin));
        return "<div class=\"columns\">\n" + figures.figure("Student", "student", figures.student, student)
                + figures.figure("Twin", "twin", figures.twin, twin) + "</div>\n";
    }

    private String figure(String name, String style, LossCurve curve, TrainResult training) {
        SvgChart chart = new SvgChart(name + ": loss over steps", style, steps, losses);
        return Html.format(
                """
                <figure><figcaption><b>%s</b>: validation loss %.3f \u2192 %.3f
                <small>%s steps, %s tokens learnt</small></figcaption>
                %s<p class="key %s"><i class="line"></i> training, mean of %s <i class="dot"></i> validation</p></figure>
                """,
                Html.text(name),
                training.firstValidationLoss(),
                training.lastValidationLoss(),
                Html.count(
                        curve.training().isEmpty()
                                ? 0
                                : Math.round(curve.training().getLast().step())),
                Html.count(training.trainedTokens()),
                chart.svg(curve.training(), curve.validation()),
                style,
                curve.window() == 1 ? "each step" : Html.count(curve.window()) + " steps");
    }
}

package dev.distill.eval.report;

import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;

/** The score of each task and model as a bar on a track from 0 to 1, with its interval. */
final class ScoreBars {
    /** Units of a track's width. */
    private static final int WIDTH = 1000;

    private ScoreBars() {}

    static String of(EvaluationReport report) {
        StringBuilder out = new StringBuilder("<div class=\"bars\">\n");
        for (TaskReport task : report.tasks()) {
            out.append("<h3>").append(Markup.isolated(task.name())).append("</h3>\n");
            for (ModelReport model : task.models()) {
                int index = report.models().indexOf(model.score().model());
                bar(out, model.score().model(), "model-" + index, model.score().passAt1());
            }
        }
        return out.append("<div class=\"bar scale\"><span class=\"axis\"><i>0</i><i>25</i><i>50</i><i>75</i>"
                        + "<i>100\u00a0%</i></span></div>\n</div>\n")
                .toString();
    }

    private static void bar(StringBuilder out, String label, String style, Interval share) {
        out.append("<div class=\"bar\"><span class=\"label\">")
                .append(Markup.isolated(label))
                .append("</span>");
        if (Double.isNaN(share.value())) {
            out.append("<span class=\"figure\">the infrastructure failed for every response</span></div>\n");
            return;
        }
        out.append(Figures.format(
                "<svg class=\"track\" viewBox=\"0 0 %d 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                        + "<rect class=\"%s\" width=\"%.1f\" height=\"20\"/>",
                WIDTH, style, WIDTH * share.value()));
        double low = WIDTH * share.low();
        double high = WIDTH * share.high();
        out.append(Figures.format(
                "<rect class=\"whisker\" x=\"%.1f\" y=\"9\" width=\"%.1f\" height=\"2\"/>", low, high - low));
        out.append(Figures.format("<rect class=\"whisker\" x=\"%.1f\" y=\"5\" width=\"3\" height=\"10\"/>", low));
        out.append(Figures.format(
                "<rect class=\"whisker\" x=\"%.1f\" y=\"5\" width=\"3\" height=\"10\"/></svg>", high - 3));
        out.append("<span class=\"figure\"><b>")
                .append(Figures.percent(share.value()))
                .append("</b> <small>");
        out.append(Figures.range(share)).append("</small></span></div>\n");
    }
}

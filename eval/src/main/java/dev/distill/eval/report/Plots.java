package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The drawings of one task: pass@k, tokens by outcome, and how two models differ. */
final class Plots {
    /** What a stack is made of, from below. */
    private static final List<Grade> STACKED =
            List.of(Grade.RIGHT, Grade.WRONG, Grade.UNDECIDED, Grade.NO_ANSWER, Grade.TRUNCATED);

    /** Classes of tokens for each doubling. */
    private static final int CLASSES = 2;

    private Plots() {}

    /** @param models of the whole report: a model has one colour everywhere */
    static String of(TaskReport task, List<String> models) {
        StringBuilder out = new StringBuilder();
        if (task.models().stream().anyMatch(model -> model.score().samples() > 1)) {
            out.append(passAtK(task, models));
        }
        out.append(tokens(task));
        if (task.difference() != null && task.difference().isKnown()) {
            out.append(difference(task));
        }
        return out.isEmpty() ? "" : "<div class=\"plots\">\n" + out + "</div>\n";
    }

    private static String passAtK(TaskReport task, List<String> models) {
        Plot plot = new Plot(
                "pass@k: at least one of k is right", "pass@k by k, with intervals; the figures stand in the table");
        for (int percent = 0; percent <= 100; percent += 25) {
            plot.level(Plot.height(percent / 100.0), percent + (percent == 100 ? " %" : ""));
        }
        int most = task.models().stream()
                .mapToInt(model -> model.score().samples())
                .max()
                .orElseThrow();
        double perDoubling = (Plot.RIGHT - Plot.LEFT - 16) / (Math.log(most) / Math.log(2));
        for (int k = 1; k <= most; k *= 2) {
            plot.below(across(k, perDoubling), Integer.toString(k));
        }
        for (ModelReport model : task.models()) {
            String style = "model-" + models.indexOf(model.score().model());
            List<PassAt> curve = model.score().detail() == null
                    ? List.of()
                    : model.score().detail().passAtK();
            StringBuilder line = new StringBuilder();
            StringBuilder upper = new StringBuilder();
            StringBuilder lower = new StringBuilder();
            for (PassAt at : curve) {
                double x = across(at.k(), perDoubling);
                line.append(point(x, at.share().value()));
                upper.append(point(x, at.share().high()));
                lower.insert(0, point(x, at.share().low()));
            }
            plot.points(
                    "polygon", "band " + style, upper.append(lower).toString().strip());
            plot.points("polyline", "line " + style, line.toString().strip());
            curve.forEach(at -> plot.dot(
                    "dot " + style,
                    across(at.k(), perDoubling),
                    Plot.height(at.share().value())));
        }
        return plot.unit("k").svg();
    }

    private static double across(int k, double perDoubling) {
        return Plot.LEFT + 8 + Math.log(k) / Math.log(2) * perDoubling;
    }

    private static String point(double x, double share) {
        return Figures.format("%.1f,%.1f ", x, Plot.height(share));
    }

    /** One histogram a model, on the same axes; empty where nobody counted tokens. */
    private static String tokens(TaskReport task) {
        List<Map<Grade, int[]>> histograms =
                task.models().stream().map(Plots::histogram).toList();
        int first = CLASSES * Long.SIZE;
        int last = -1;
        int highest = 1;
        for (Map<Grade, int[]> histogram : histograms) {
            for (int i = 0; i < CLASSES * Long.SIZE; i++) {
                int sum = 0;
                for (int[] counts : histogram.values()) {
                    sum += counts[i];
                }
                first = sum > 0 ? Math.min(first, i) : first;
                last = sum > 0 ? Math.max(last, i) : last;
                highest = Math.max(highest, sum);
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < histograms.size() && last >= 0; i++) {
            out.append(tokens(task.models().get(i).score().model(), histograms.get(i), first, last, highest));
        }
        return out.toString();
    }

    private static Map<Grade, int[]> histogram(ModelReport model) {
        Map<Grade, int[]> counts = new EnumMap<>(Grade.class);
        STACKED.forEach(grade -> counts.put(grade, new int[CLASSES * Long.SIZE]));
        for (GradedQuestion question : model.graded().questions()) {
            for (Graded one : question.valid()) {
                long tokens = one.response().usage().completionTokens();
                if (tokens > 0) {
                    counts.computeIfPresent(one.grade(), (grade, classes) -> {
                        classes[index(tokens)]++;
                        return classes;
                    });
                }
            }
        }
        return counts;
    }

    private static String tokens(String model, Map<Grade, int[]> histogram, int first, int last, int highest) {
        Plot plot = new Plot(
                "Tokens of a response, by outcome: " + model,
                "How many responses of how many tokens were right, wrong, without an answer or truncated");
        plot.level(Plot.height(0), "0").level(Plot.height(1), Figures.count(highest));
        double width = Math.min(40, (double) (Plot.RIGHT - Plot.LEFT) / (last - first + 1));
        for (int i = first; i <= last; i++) {
            double below = 0;
            for (Map.Entry<Grade, int[]> counts : histogram.entrySet()) {
                double share = (double) counts.getValue()[i] / highest;
                double y = Plot.height(below + share);
                String style = ReportJson.word(counts.getKey());
                plot.rectangle(style, Plot.LEFT + (i - first) * width, y, width - 1, Plot.height(below) - y);
                below += share;
            }
        }
        int every = Math.max(1, (last - first + 1) / 6);
        for (int i = first; i <= last + 1; i += every) {
            plot.below(Plot.LEFT + (i - first) * width, Figures.count(Math.round(Math.pow(2, (double) i / CLASSES))));
        }
        return plot.unit("tokens").svg();
    }

    /** Tokens from 2^(index / CLASSES) on are in this class. */
    private static int index(long tokens) {
        int index = CLASSES * (Long.SIZE - 1 - Long.numberOfLeadingZeros(tokens));
        double half = Math.sqrt(2) * Long.highestOneBit(tokens);
        return tokens >= half ? index + 1 : index;
    }

    /** Each question a bar, up where the second model is better, the largest difference first. */
    private static String difference(TaskReport task) {
        List<Double> differences = new ArrayList<>();
        List<GradedQuestion> second = task.models().getLast().graded().questions();
        int i = 0;
        for (GradedQuestion first : task.models().getFirst().graded().questions()) {
            double difference = second.get(i++).score() - first.score();
            if (Double.isFinite(difference)) {
                differences.add(difference);
            }
        }
        differences.sort((a, b) -> Double.compare(b, a));
        Plot plot = new Plot(
                task.models().getLast().score().model() + " less "
                        + task.models().getFirst().score().model() + ", question by question",
                "Difference of the scores of each question, sorted; up where the second model is better");
        plot.level(Plot.TOP, "+100 %").level(middle(0), "0").level(Plot.BOTTOM, "\u2212100 %");
        double width = (double) (Plot.RIGHT - Plot.LEFT) / differences.size();
        for (int k = 0; k < differences.size(); k++) {
            double difference = differences.get(k);
            double top = middle(Math.max(0, difference));
            plot.rectangle(
                    difference > 0 ? "better" : "worse",
                    Plot.LEFT + k * width,
                    top,
                    Math.max(0.5, width > 3 ? width - 1 : width),
                    middle(Math.min(0, difference)) - top);
        }
        return plot.unit(Figures.count(differences.size()) + " questions").svg();
    }

    private static double middle(double difference) {
        return Plot.height((difference + 1) / 2);
    }
}

package dev.distill.eval.report;

import dev.distill.data.trace.Money;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.manner.Measure;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.metric.PairedScores;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables of one task's section: a column a model. */
final class PageTables {
    private PageTables() {}

    /** As people call it. */
    static String title(Grade grade) {
        return switch (grade) {
            case RIGHT -> "right";
            case WRONG -> "wrong";
            case UNDECIDED -> "undecided";
            case NO_ANSWER -> "no answer";
            case TRUNCATED -> "truncated";
            case INFRA_ERROR -> "infrastructure error";
        };
    }

    /** What the difference of two models comes to, in one or two sentences. */
    static String verdict(TaskReport task) {
        ModelDifference difference = Objects.requireNonNull(task.difference(), "difference");
        PairedScores paired = difference.paired();
        if (!difference.isKnown()) {
            return "No question has a score of both models, so that nothing can be said of their difference.";
        }
        Interval interval = paired.difference();
        String power = Double.isNaN(paired.detectable())
                ? ""
                : Figures.format(
                        " So many questions would show a difference of %.1f points in four trials of five.",
                        100 * paired.detectable());
        return Figures.format(
                "%s less %s: %s points (95 %%: %s to %s) over %,d questions; better on %,d, worse on %,d. %s (%s)%s.%s",
                task.models().getLast().score().model(),
                task.models().getFirst().score().model(),
                Figures.points(interval.value()),
                Figures.points(interval.low()),
                Figures.points(interval.high()),
                paired.questions(),
                paired.secondBetter(),
                paired.firstBetter(),
                Figures.saidP(difference.p()),
                difference.test(),
                difference.adjustedP() == difference.p()
                        ? ""
                        : ", " + Figures.saidP(difference.adjustedP()) + " for all tasks together (Holm)",
                power);
    }

    static String figures(TaskReport task) {
        List<List<String>> rows = new ArrayList<>();
        row(rows, task, "pass@1", score -> Figures.percent(score.passAt1()));
        boolean several = task.models().stream().anyMatch(model -> model.score().samples() > 1);
        if (several) {
            if (task.models().getFirst().graded().task().grading().votes()) {
                row(rows, task, "majority right (cons@k)", score -> Figures.percent(score.consensus()));
            }
            curve(rows, task);
            detail(rows, task, "G-Pass@k", PageTables::steady);
            detail(rows, task, "runs of one response", PageTables::seeds);
        }
        for (Grade grade : Grade.values()) {
            row(
                    rows,
                    task,
                    title(grade),
                    score -> grade == Grade.INFRA_ERROR
                            ? Figures.count(score.count(grade))
                            : Figures.count(score.count(grade)) + " (" + Figures.percent(score.share(grade)) + ")");
        }
        spending(rows, task);
        detail(
                rows,
                task,
                "rating estimate",
                detail -> detail.rating() == null
                        ? Figures.NONE
                        : Figures.format(
                                "%.0f (%.0f to %.0f)",
                                detail.rating().rating().value(),
                                detail.rating().rating().low(),
                                detail.rating().rating().high()));
        return Markup.table("Figures of " + task.name(), head(task, "figure"), rows);
    }

    private static void spending(List<List<String>> rows, TaskReport task) {
        detail(
                rows,
                task,
                "tokens a response",
                one -> Figures.amount(one.spending().tokensPerResponse()));
        detail(
                rows,
                task,
                "tokens a solved problem",
                one -> Figures.amount(one.spending().tokensPerSolved()));
        detail(
                rows,
                task,
                "seconds a response",
                one -> Figures.amount(one.spending().secondsPerResponse()));
        detail(
                rows,
                task,
                "seconds a solved problem",
                one -> Figures.amount(one.spending().secondsPerSolved()));
        detail(rows, task, "cost of a response", one -> money(one.spending().costPerResponse()));
        detail(
                rows,
                task,
                "cost of a solved problem",
                one -> money(one.spending().costPerSolved()));
    }

    private static void curve(List<List<String>> rows, TaskReport task) {
        Set<Integer> ks = new LinkedHashSet<>();
        task.models().stream()
                .map(model -> model.score().detail())
                .filter(Objects::nonNull)
                .forEach(detail -> detail.passAtK().forEach(at -> ks.add(at.k())));
        ks.stream()
                .filter(k -> k > 1)
                .sorted()
                .forEach(k -> detail(
                        rows,
                        task,
                        "pass@" + k,
                        detail -> detail.passAtK().stream()
                                .filter(at -> at.k() == k)
                                .map(at -> Figures.percent(at.share()))
                                .findFirst()
                                .orElse(Figures.NONE)));
    }

    private static String steady(TaskDetail detail) {
        return detail.steady().stream()
                .map(at -> Figures.format("k = %d: ", at.k()) + Figures.percent(at.half()) + " (half), "
                        + Figures.percent(at.all()) + " (all), " + Figures.percent(at.mean()) + " (mean)")
                .findFirst()
                .orElse(Figures.NONE);
    }

    private static String seeds(TaskDetail detail) {
        return detail.seeds() == null
                ? Figures.NONE
                : Figures.percent(detail.seeds().min()) + " to "
                        + Figures.percent(detail.seeds().max())
                        + Figures.format(", sd %.1f", 100 * detail.seeds().deviation());
    }

    static String money(@Nullable Money money) {
        return money == null ? Figures.NONE : money.legible();
    }

    static String manner(TaskReport task) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < Measure.all().size(); i++) {
            int column = i;
            Measure measure = Measure.all().get(i);
            if (measure.unit() == Measure.Unit.SHARE) {
                detail(
                        rows,
                        task,
                        measure.title(),
                        detail -> Figures.percent(
                                detail.manner().columns().get(column).value()));
            } else if (measure.unit() == Measure.Unit.CHARACTERS) {
                detail(
                        rows,
                        task,
                        measure.title(),
                        detail -> ReportMarkdown.figure(
                                        detail.manner().columns().get(column))
                                + " (median "
                                + Figures.amount(
                                        detail.manner().columns().get(column).median()) + ")");
            }
        }
        detail(rows, task, "says that it is", ReportMarkdown::identities);
        return Markup.table("Manner in " + task.name(), head(task, "share of responses"), rows);
    }

    static List<String> head(TaskReport task, String first) {
        List<String> head = new ArrayList<>(List.of(first));
        task.models().forEach(model -> head.add(model.score().model()));
        return head;
    }

    private static void row(List<List<String>> rows, TaskReport task, String name, Function<TaskScore, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        for (ModelReport model : task.models()) {
            row.add(cell.apply(model.score()));
        }
        rows.add(row);
    }

    /** A row that says something of one model at least. */
    static void detail(List<List<String>> rows, TaskReport task, String name, Function<TaskDetail, String> cell) {
        List<List<String>> one = new ArrayList<>();
        row(one, task, name, score -> score.detail() == null ? Figures.NONE : cell.apply(score.detail()));
        List<String> cells = one.getFirst();
        if (cells.subList(1, cells.size()).stream().anyMatch(text -> !text.equals(Figures.NONE))) {
            rows.add(cells);
        }
    }
}

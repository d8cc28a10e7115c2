package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.manner.MannerColumn;
import dev.distill.eval.manner.Measure;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The report as Markdown tables, for a model card or an issue. */
public final class ReportMarkdown {
    private ReportMarkdown() {}

    public static String of(EvaluationReport report) {
        StringBuilder out = new StringBuilder("# " + cell(report.title()) + "\n\n");
        out.append(scores(report));
        if (report.tasks().stream().anyMatch(task -> task.difference() != null)) {
            out.append("\n## Differences\n\n").append(differences(report));
        }
        out.append("\n## Manner\n\n").append(manner(report));
        String published = published(report);
        if (!published.isEmpty()) {
            out.append("\n## Published figures\n\n").append(published);
        }
        return out.toString();
    }

    private static String scores(EvaluationReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (TaskReport task : report.tasks()) {
            for (ModelReport model : task.models()) {
                TaskScore score = model.score();
                @Nullable
                Spending spending =
                        score.detail() == null ? null : score.detail().spending();
                rows.add(List.of(
                        score.task(),
                        score.model(),
                        Figures.count(score.questions()),
                        Integer.toString(score.samples()),
                        Figures.percent(score.passAt1()),
                        score.samples() > 1 ? Figures.percent(score.consensus()) : Figures.NONE,
                        Figures.percent(score.share(Grade.WRONG)),
                        Figures.percent(score.share(Grade.UNDECIDED)),
                        Figures.percent(score.share(Grade.NO_ANSWER)),
                        Figures.percent(score.share(Grade.TRUNCATED)),
                        Figures.count(score.count(Grade.INFRA_ERROR)),
                        Figures.amount(spending == null ? score.meanTokens() : spending.tokensPerResponse()),
                        spending == null ? Figures.NONE : Figures.amount(spending.tokensPerSolved()),
                        spending == null ? Figures.NONE : Figures.amount(spending.secondsPerSolved()),
                        spending == null ? Figures.NONE : PageTables.money(spending.costPerSolved())));
            }
        }
        return table(
                List.of(
                        "task",
                        "model",
                        "questions",
                        "samples",
                        "pass@1 (95 %)",
                        "cons@k",
                        "wrong",
                        "undecided",
                        "no answer",
                        "truncated",
                        "infrastructure errors",
                        "tokens",
                        "tokens per solved",
                        "seconds per solved",
                        "cost per solved"),
                rows);
    }

    private static String differences(EvaluationReport report) {
        List<List<String>> rows = new ArrayList<>();
        for (TaskReport task : report.tasks()) {
            ModelDifference difference = task.difference();
            if (difference != null) {
                rows.add(List.of(
                        task.name(),
                        task.models().getLast().score().model() + " less "
                                + task.models().getFirst().score().model(),
                        Figures.points(difference.paired().difference().value()),
                        Figures.points(difference.paired().difference().low()) + " to "
                                + Figures.points(
                                        difference.paired().difference().high()),
                        difference.test(),
                        Figures.p(difference.p()),
                        Figures.p(difference.adjustedP()),
                        Figures.points(difference.paired().detectable())));
            }
        }
        return table(
                List.of(
                        "task",
                        "models",
                        "difference, points",
                        "95 %",
                        "test",
                        "p",
                        "p (Holm)",
                        "detectable at 80 % power"),
                rows);
    }

    private static String manner(EvaluationReport report) {
        List<String> head = new ArrayList<>(List.of("task", "model"));
        Measure.all().forEach(measure -> head.add(measure.title()));
        head.add("says that it is");
        List<List<String>> rows = new ArrayList<>();
        for (TaskReport task : report.tasks()) {
            for (ModelReport model : task.models()) {
                @Nullable TaskDetail detail = model.score().detail();
                if (detail != null) {
                    List<String> row =
                            new ArrayList<>(List.of(task.name(), model.score().model()));
                    detail.manner().columns().forEach(column -> row.add(figure(column)));
                    row.add(identities(detail));
                    rows.add(row);
                }
            }
        }
        return table(head, rows);
    }

    static String figure(MannerColumn column) {
        double value = column.value().value();
        return column.unit() == Measure.Unit.SHARE ? Figures.percent(value) : Figures.amount(value);
    }

    static String identities(TaskDetail detail) {
        List<String> said = new ArrayList<>();
        detail.manner().identities().forEach((who, times) -> said.add(who + " x " + times));
        return said.isEmpty() ? Figures.NONE : String.join(", ", said);
    }

    private static String published(EvaluationReport report) {
        List<List<String>> rows = new ArrayList<>();
        Set<Published.Source> sources = new LinkedHashSet<>();
        for (TaskReport task : report.tasks()) {
            for (Published.Figure figure : Published.of(task.name())) {
                sources.add(figure.source());
                rows.add(List.of(
                        task.name(),
                        figure.model(),
                        figure.metric(),
                        Figures.format(figure.metric().equals("rating") ? "%.0f" : "%.1f", figure.value()),
                        figure.source().title(),
                        figure.source().date()));
            }
        }
        if (rows.isEmpty()) {
            return "";
        }
        StringBuilder out =
                new StringBuilder(table(List.of("task", "model", "metric", "value", "source", "date"), rows));
        sources.forEach(source -> out.append("\n")
                .append(cell(source.title() + " (" + source.url() + "): " + source.protocol() + "."))
                .append("\n"));
        return out.toString();
    }

    /** A head, a rule and rows. */
    static String table(List<String> head, List<List<String>> rows) {
        StringBuilder out = new StringBuilder();
        line(out, head);
        line(out, head.stream().map(name -> "---").toList());
        rows.forEach(row -> line(out, row));
        return out.toString();
    }

    private static void line(StringBuilder out, List<String> cells) {
        cells.forEach(cell -> out.append("| ").append(cell(cell)).append(' '));
        out.append("|\n");
    }

    /** A name may come from anywhere: no sign of it opens a cell, a tag, a link or a line. */
    private static String cell(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                out.append(' ');
            } else if ("\\|`<>[]*_#".indexOf(c) >= 0) {
                out.append('\\').appendCodePoint(c);
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}

package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The tables of one task's section that are folded at first: scores by facet, and what others have published. */
final class FoldedTables {
    private FoldedTables() {}

    /** A table a facet, folded; nothing where there is none. */
    static String facets(TaskReport task) {
        Set<String> facets = new LinkedHashSet<>();
        scores(task).forEach(score -> facets.add(score.facet()));
        StringBuilder out = new StringBuilder();
        for (String facet : facets) {
            Set<String> values = new LinkedHashSet<>();
            scores(task).stream()
                    .filter(score -> score.facet().equals(facet))
                    .forEach(score -> values.add(score.value()));
            List<List<String>> rows = new ArrayList<>();
            for (String value : values) {
                PageTables.detail(
                        rows,
                        task,
                        value,
                        detail -> detail.facets().stream()
                                .filter(score -> score.facet().equals(facet)
                                        && score.value().equals(value))
                                .map(FoldedTables::facet)
                                .findFirst()
                                .orElse(Figures.NONE));
            }
            out.append("<details><summary>By ").append(Markup.isolated(facet)).append("</summary>\n");
            out.append(Markup.table("By " + facet, PageTables.head(task, facet), rows))
                    .append("</details>\n");
        }
        return out.toString();
    }

    private static String facet(FacetScore score) {
        int truncated = score.grades().getOrDefault(Grade.TRUNCATED, 0);
        int silent = score.grades().getOrDefault(Grade.NO_ANSWER, 0);
        return Figures.percent(score.passAt1()) + " of " + Figures.count(score.questions())
                + (truncated == 0 ? "" : ", " + Figures.count(truncated) + " truncated")
                + (silent == 0 ? "" : ", " + Figures.count(silent) + " without an answer");
    }

    private static List<FacetScore> scores(TaskReport task) {
        List<FacetScore> scores = new ArrayList<>();
        task.models().stream()
                .map(model -> model.score().detail())
                .filter(Objects::nonNull)
                .forEach(detail -> scores.addAll(detail.facets()));
        return scores;
    }

    /** Nothing where nothing is published. */
    static String published(TaskReport task) {
        List<Published.Figure> figures = Published.of(task.name());
        if (figures.isEmpty()) {
            return "";
        }
        List<List<String>> rows = new ArrayList<>();
        Set<Published.Source> sources = new LinkedHashSet<>();
        for (Published.Figure figure : figures) {
            sources.add(figure.source());
            rows.add(List.of(
                    figure.model(),
                    figure.metric(),
                    Figures.format(figure.metric().equals("rating") ? "%.0f" : "%.1f\u00a0%%", figure.value()),
                    figure.source().title() + ", " + figure.source().date()));
        }
        StringBuilder out = new StringBuilder("<details class=\"published\"><summary>Published by others: ");
        out.append(Markup.text(figures.getFirst().benchmark())).append("</summary>\n");
        out.append(Markup.table("Published", List.of("model", "metric", "value", "source"), rows));
        sources.forEach(source ->
                out.append(Markup.note(source.title() + ", " + source.url() + ": " + source.protocol() + ".")));
        return out.append("</details>\n").toString();
    }
}

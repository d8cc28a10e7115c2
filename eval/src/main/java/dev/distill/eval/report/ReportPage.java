package dev.distill.eval.report;

import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.manner.Measure;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.task.Task;
import java.util.List;

/**
 * The report as one HTML file that needs nothing else: tables and drawings stand in it as they are, and its script shows the answers,
 * all of them readable, filtered by task, outcome, facet, complaint, words, and by where two models differ.
 */
public final class ReportPage {
    /** Characters of a text that are shown; twice what 32,768 tokens of reasoning come to. */
    public static final int LONGEST = 200_000;

    private final EvaluationReport report;

    private ReportPage(EvaluationReport report) {
        this.report = report;
    }

    public static String of(EvaluationReport report) {
        return of(report, LONGEST);
    }

    /** @param longest characters of a reasoning or an answer; of a longer one the middle is left out, at least 1,000 */
    public static String of(EvaluationReport report, int longest) {
        if (longest < 1_000) {
            throw new IllegalArgumentException(
                    "report page: texts need room for at least 1000 characters; got " + longest);
        }
        ReportPage page = new ReportPage(report);
        StringBuilder body = new StringBuilder(page.header());
        body.append(section("scores", "Scores", page.scores()));
        for (int i = 0; i < report.tasks().size(); i++) {
            body.append(page.task(i, report.tasks().get(i)));
        }
        body.append(section("answers-section", "Answers", page.answers()));
        body.append("<footer>Made by Distill. The same answers give the same page.</footer>\n");
        return Markup.page(report.title(), body.toString(), AnswerLines.of(report, longest));
    }

    private String header() {
        StringBuilder out = new StringBuilder("<a class=\"skip\" href=\"#answers-section\">Skip to the answers</a>\n");
        out.append("<header><div><p class=\"brand\">Distill evaluation</p><h1>");
        out.append(Markup.isolated(report.title())).append("</h1>\n<p class=\"key\">");
        for (int i = 0; i < report.models().size(); i++) {
            out.append("<span><i class=\"swatch model-").append(i).append("\"></i> ");
            out.append(Markup.isolated(report.models().get(i))).append("</span> ");
        }
        out.append(
                "</p></div>\n<button type=\"button\" id=\"theme\" aria-keyshortcuts=\"d\">Theme: as the system</button>");
        return out.append("</header>\n").toString();
    }

    private String scores() {
        return Markup.note(
                        "Share of right responses, averaged over questions (pass@1). Thin lines and small figures are 95 % "
                                + "intervals: Wilson's for one response a question, else a bootstrap over questions.")
                + ScoreBars.of(report);
    }

    private String task(int index, TaskReport report) {
        Task task = report.models().getFirst().graded().task();
        StringBuilder out = new StringBuilder();
        ConditionNotes.of(report).forEach(note -> out.append(Markup.note(note)));
        if (report.difference() != null) {
            out.append("<p class=\"verdict\">")
                    .append(Markup.isolated(PageTables.verdict(report)))
                    .append("</p>\n");
        }
        out.append("<div class=\"columns\"><div>\n")
                .append(PageTables.figures(report))
                .append("</div><div>\n");
        out.append("<h3>Manner</h3>\n").append(PageTables.manner(report));
        out.append(FoldedTables.facets(report))
                .append(FoldedTables.published(report))
                .append("</div></div>\n");
        out.append(outcomes(report)).append(Plots.of(report, this.report.models()));
        return section("task-" + index, task.name(), out.toString());
    }

    /** One bar a model, split by outcome. */
    private static String outcomes(TaskReport report) {
        StringBuilder out = new StringBuilder("<p class=\"key\">");
        for (Grade grade : Grade.values()) {
            out.append("<span><i class=\"swatch ")
                    .append(ReportJson.word(grade))
                    .append("\"></i> ");
            out.append(PageTables.title(grade)).append("</span> ");
        }
        out.append("</p>\n<div class=\"bars\">\n");
        for (ModelReport model : report.models()) {
            List<Graded> all = model.graded().questions().stream()
                    .flatMap(question -> question.samples().stream())
                    .toList();
            out.append("<div class=\"bar\"><span class=\"label\">")
                    .append(Markup.isolated(model.score().model()));
            out.append(
                    "</span><svg class=\"track\" viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
            double x = 0;
            for (Grade grade : Grade.values()) {
                double width = 1000.0 * model.score().count(grade) / Math.max(1, all.size());
                out.append(Figures.format(
                        "<rect class=\"%s\" x=\"%.2f\" width=\"%.2f\" height=\"20\"/>",
                        ReportJson.word(grade), x, width));
                x += width;
            }
            out.append("</svg><span class=\"figure\"><small>").append(Figures.count(all.size()));
            out.append(all.size() == 1 ? " response" : " responses").append("</small></span></div>\n");
        }
        return out.append("</div>\n").toString();
    }

    private String answers() {
        StringBuilder out = new StringBuilder(
                "<noscript><p class=\"note\">Showing the answers needs the page's script.</p></noscript>\n");
        out.append("<form class=\"tools\" id=\"filters\" role=\"search\" aria-label=\"Answers\">\n");
        out.append("<label>Task <select id=\"task\"><option value=\"\">all</option></select></label>\n");
        out.append("<fieldset id=\"outcomes\"><legend>Outcome</legend>");
        for (Grade grade : Grade.values()) {
            out.append("<label><input type=\"checkbox\" name=\"outcome\" value=\"")
                    .append(ReportJson.word(grade));
            out.append("\"> ").append(PageTables.title(grade)).append("</label>");
        }
        out.append(
                "</fieldset>\n<label id=\"of-label\">of <select id=\"of\"><option value=\"\">any model</option></select></label>\n");
        out.append("<label>Facet <select id=\"facet\"><option value=\"\">any</option></select></label>\n");
        out.append("<label>Complaint <select id=\"complaint\"><option value=\"\">any or none</option>");
        for (Measure measure : Measure.all()) {
            if (measure.unit() == Measure.Unit.SHARE) {
                out.append("<option value=\"")
                        .append(measure.name())
                        .append("\">")
                        .append(measure.title())
                        .append("</option>");
            }
        }
        out.append(
                "</select></label>\n<label id=\"differ-label\">Models <select id=\"differ\"><option value=\"\">agree or not</option>"
                        + "<option value=\"differ\">differ</option><option value=\"second\">second is better</option>"
                        + "<option value=\"first\">first is better</option></select></label>\n");
        out.append(
                "<label>Search <input type=\"search\" id=\"words\" aria-keyshortcuts=\"/\" autocomplete=\"off\"></label>\n");
        out.append("<button type=\"reset\">Show all</button></form>\n");
        out.append(
                "<p class=\"note\"><span id=\"count\" role=\"status\"></span> Keys: <kbd>j</kbd> and <kbd>k</kbd> go on and back, "
                        + "<kbd>Enter</kbd> opens, <kbd>/</kbd> searches, <kbd>d</kbd> changes the theme.</p>\n");
        return out.append("<div id=\"list\"></div>\n<div id=\"more\"></div>\n").toString();
    }

    /** {@code title} is text, {@code body} is HTML. */
    private static String section(String id, String title, String body) {
        return "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-title\"><h2 id=\"" + id + "-title\">"
                + Markup.isolated(title) + "</h2>\n" + body + "</section>\n";
    }
}

package dev.distill.demo;

import dev.distill.data.curate.CurationReport;
import dev.distill.demo.DemoResult.SideBySide;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.report.TaskScore;
import dev.distill.export.ParityGate.Parity;
import dev.distill.pipeline.ExportStage.Exported;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.train.TrainResult;

/** The report as one self-contained HTML page, well-formed as XML too; nothing in it is fetched or run. */
final class ReportPage {
    private final DemoResult result;

    private ReportPage(DemoResult result) {
        this.result = result;
    }

    static String of(DemoResult result) {
        ReportPage page = new ReportPage(result);
        String body = page.headline()
                + page.scores()
                + page.losses()
                + page.harvest()
                + page.curation()
                + page.faults()
                + page.samples()
                + page.export()
                + page.footer();
        return Html.page("Distill demo", body);
    }

    private String headline() {
        TaskScore after = result.after();
        return Html.format(
                """
                <header><p class="brand">Distill demo</p>
                <div class="hero"><h1>%s</h1>
                <p>of %s held-out problems solved by the student, greedily, at the first attempt
                (95&#160;%% interval %.1f to %.1f&#160;%%). Before training it solved %s. Its twin, which learnt the same answers
                without the reasoning, solves %s.</p></div></header>
                """,
                Html.percent(after.passAt1().value()),
                Html.count(after.questions()),
                100 * after.passAt1().low(),
                100 * after.passAt1().high(),
                Html.percent(result.before().passAt1().value()),
                Html.percent(result.twin().passAt1().value()));
    }

    private String scores() {
        TaskScore majority = result.majority();
        // One vote a question, so Wilson's interval holds for the majority as for one greedy answer.
        Interval vote =
                Interval.wilson((int) Math.round(majority.consensus() * majority.questions()), majority.questions());
        String bars = new Bars()
                .score("Before training", "before", result.before().passAt1())
                .score("Student", "student", result.after().passAt1())
                .score("Student, majority of " + majority.samples(), "student", vote)
                .score("Twin", "twin", result.twin().passAt1())
                .scale()
                .html();
        TaskScore after = result.after();
        return section(
                "Scores",
                "The student learnt the teacher's reasoning and answers; its twin learnt from the same traces, in as many "
                        + "steps, the answers alone. Thin lines and small figures are 95 % intervals.",
                bars
                        + Html.format(
                                "<p class=\"note\">The student's other answers: %s wrong, %s that the rules cannot decide, %s cut off by the token limit, "
                                        + "%s without an answer. It wrote %.0f tokens a problem, its twin %.0f.</p>\n",
                                Html.count(after.count(Grade.WRONG)),
                                Html.count(after.count(Grade.UNDECIDED)),
                                Html.count(after.count(Grade.TRUNCATED)),
                                Html.count(after.count(Grade.NO_ANSWER)),
                                after.meanTokens(),
                                result.twin().meanTokens()));
    }

    private String losses() {
        return section(
                "Training",
                "The student is trained on reasoning and answer, its twin on the answer alone: the levels of their losses do "
                        + "not compare, the shapes do. The axis of losses is logarithmic.",
                LossFigures.html(result.training(), result.twinTraining()));
    }

    private String harvest() {
        HarvestResult harvest = result.harvest();
        int failed =
                harvest.failed().values().stream().mapToInt(Integer::intValue).sum();
        return section(
                "What was spent",
                "The embedded teacher is free; the money is what its tokens would have cost by the run's tariff, failed "
                        + "attempts included.",
                "<div class=\"tiles\">\n"
                        + Html.tile(
                                harvest.spent().rounded(2),
                                "of which estimated: " + harvest.estimated().rounded(2))
                        + Html.tile(Html.count(harvest.boughtTokens()), "tokens paid for")
                        + Html.tile(
                                Html.count(harvest.completed()),
                                "traces of " + Html.count(harvest.units()) + "; " + Html.count(failed)
                                        + " failed for good")
                        + training("the student", result.training())
                        + training("its twin", result.twinTraining())
                        + "</div>\n");
    }

    private static String training(String who, TrainResult training) {
        return Html.tile(
                Html.duration(training.seconds()),
                "training " + who + ", " + Html.count(Math.round(training.tokensPerSecond())) + " tokens/s");
    }

    private String curation() {
        CurationReport curation = result.curation();
        return section(
                "Curation",
                Html.count(curation.kept()) + " of " + Html.count(curation.read()) + " traces kept, "
                        + Html.count(curation.read() - curation.kept()) + " dropped; each counts for the first check "
                        + "that it failed.",
                CurationFigures.html(curation));
    }

    private String faults() {
        return section(
                "Planted faults",
                "The teacher spoils some of its traces and logs which. Caught: dropped, whatever the check. Wrongly "
                        + "dropped: traces without a fault that the checks for this one dropped.",
                FaultTable.html(result.faults()));
    }

    private String samples() {
        StringBuilder out = new StringBuilder();
        for (SideBySide sample : result.samples()) {
            String reasoning = sample.studentReasoning() == null ? "(none)" : sample.studentReasoning();
            out.append(Html.format(
                    "<article><p class=\"question\">%s</p>\n<p class=\"note\">Right answer: <b>%s</b></p>\n"
                            + "<div class=\"columns\">\n%s%s</div></article>\n",
                    Html.text(sample.question()),
                    Html.text(sample.reference()),
                    solution("Teacher", "", sample.teacherReasoning(), sample.teacherAnswer()),
                    solution(
                            "Student",
                            sample.studentIsRight()
                                    ? " <span class=\"right\">\u2713 right</span>"
                                    : " <span class=\"wrong\">\u2717 wrong</span>",
                            reasoning,
                            sample.studentAnswer())));
        }
        return section("The same problem, twice", "The first held-out problems, not chosen by result.", out.toString());
    }

    /** {@code mark} is HTML, the rest is text. */
    private static String solution(String who, String mark, String reasoning, String answer) {
        return Html.format(
                "<div><h3>%s%s</h3><pre>%s</pre><pre class=\"answer\">%s</pre></div>\n",
                who, mark, Html.text(reasoning), Html.text(answer));
    }

    private String export() {
        Exported export = result.export();
        Parity parity = export.parity();
        return section(
                "Export",
                "Read again from disk and compared with the model in memory.",
                Html.format(
                        """
                        <p><code>%s</code>: %s files, %.1f MB.
                        <span class="%s">%s</span></p>
                        <p class="note">Largest difference of a logit %s, where the largest logit is %.1f (allowed: %.1e of
                        it). Greedy tokens that agree: %s.</p>
                        %s""",
                        Html.text(export.folder().toString()),
                        Html.count(export.files().size()),
                        export.bytes() / 1e6,
                        parity.passes() ? "right" : "wrong",
                        parity.passes() ? "\u2713 parity holds" : "\u2717 parity does not hold",
                        parity.maxLogitDiff() == 0 ? "0" : Html.format("%.1e", parity.maxLogitDiff()),
                        parity.largestLogit(),
                        parity.tolerance(),
                        Html.percent(parity.greedyAgreement()),
                        result.samples().stream()
                                .findFirst()
                                .map(this::askAgain)
                                .orElse("")));
    }

    /** A command that puts a sample's question to the export. */
    private String askAgain(SideBySide sample) {
        return Html.format(
                "<p class=\"note\">Ask it yourself:</p>\n<pre>scripts/distill generate --model %s --temperature 0 --prompt %s</pre>\n",
                Html.text(shellWord(result.export().folder().toString())), Html.text(shellWord(sample.question())));
    }

    /** One word of a POSIX shell. */
    private static String shellWord(String text) {
        return text.matches("[\\w./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private String footer() {
        return "<footer>Made by Distill; its last start took " + Html.duration(result.wallSeconds()) + ".</footer>\n";
    }

    /** {@code title} and {@code note} are text, {@code body} is HTML. */
    private static String section(String title, String note, String body) {
        return "<section><h2>" + Html.text(title) + "</h2>\n<p class=\"note\">" + Html.text(note) + "</p>\n" + body
                + "</section>\n";
    }
}

package dev.distill.eval.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.metric.Agreement;
import dev.distill.eval.metric.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a judge model agrees with rules on the same answers: a line a task and model, and every answer that they dispute, for somebody to read. */
public record AgreementReport(List<Entry> entries) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public AgreementReport {
        entries = List.copyOf(entries);
    }

    /** One model's answers to one task. */
    public record Entry(String task, String model, GraderAgreement agreement) {
        /** @throws IllegalArgumentException if the two have not graded the same responses */
        public static Entry of(GradedTask rule, GradedTask judge) {
            return new Entry(rule.task().name(), rule.model(), GraderAgreement.of(rule, judge));
        }
    }

    /** A table, and below it the answers of which the two say different things. */
    public String markdown() {
        List<List<String>> rows = new ArrayList<>();
        List<List<String>> disputed = new ArrayList<>();
        for (Entry entry : entries) {
            Agreement decided = entry.agreement.decided();
            rows.add(List.of(
                    entry.task,
                    entry.model,
                    decided == null ? "0" : Figures.count(decided.items()),
                    decided == null ? Figures.NONE : Figures.percent(decided.raw()),
                    decided == null ? Figures.NONE : kappa(decided.kappa()),
                    Figures.count(entry.agreement.undecided())));
            for (GraderAgreement.Disputed one : entry.agreement.disputed()) {
                disputed.add(List.of(
                        entry.task,
                        entry.model,
                        one.question(),
                        Integer.toString(one.sample()),
                        ReportJson.word(one.rule().grade()),
                        String.valueOf(one.rule().answer()),
                        one.judge().reason()));
            }
        }
        String table = "# The judge and the rules\n\n"
                + ReportMarkdown.table(
                        List.of("task", "model", "both decided", "agree (95 %)", "kappa (95 %)", "undecided"), rows);
        return disputed.isEmpty()
                ? table
                : table
                        + "\n## Disputed answers\n\n"
                        + ReportMarkdown.table(
                                List.of("task", "model", "question", "sample", "rule", "answer read", "judge"),
                                disputed);
    }

    private static String kappa(Interval kappa) {
        return Double.isNaN(kappa.value())
                ? Figures.NONE
                : Figures.format("%.2f (%.2f to %.2f)", kappa.value(), kappa.low(), kappa.high());
    }

    /** The same for programs. */
    public String json() throws IOException {
        ArrayNode all = JSON.createArrayNode();
        for (Entry entry : entries) {
            ObjectNode node = all.addObject().put("task", entry.task).put("model", entry.model);
            Agreement decided = entry.agreement.decided();
            node.put("decided", decided == null ? 0 : decided.items()).put("undecided", entry.agreement.undecided());
            interval(node, "agree", decided == null ? null : decided.raw());
            interval(node, "kappa", decided == null ? null : decided.kappa());
            ArrayNode disputed = node.putArray("disputed");
            for (GraderAgreement.Disputed one : entry.agreement.disputed()) {
                disputed.addObject()
                        .put("question", one.question())
                        .put("sample", one.sample())
                        .put("rule", ReportJson.word(one.rule().grade()))
                        .put("judge", ReportJson.word(one.judge().grade()))
                        .put("answer", one.rule().answer())
                        .put("reason", one.judge().reason());
            }
        }
        return JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(all) + "\n";
    }

    private static void interval(ObjectNode node, String name, @Nullable Interval interval) {
        if (interval == null || Double.isNaN(interval.value())) {
            node.putNull(name);
            return;
        }
        node.putObject(name)
                .put("value", Figures.stored(interval.value()))
                .put("low", Figures.stored(interval.low()))
                .put("high", Figures.stored(interval.high()));
    }
}

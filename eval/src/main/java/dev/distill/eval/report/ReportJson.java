package dev.distill.eval.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.manner.MannerColumn;
import dev.distill.eval.metric.Interval;
import dev.distill.eval.metric.RatingEstimate;
import dev.distill.eval.metric.SeedSpread;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import dev.distill.eval.task.Conditions;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The report as JSON (docs/evaluation-report.md): fields in a fixed order, figures to nine digits, null for what is not known. */
public final class ReportJson {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    public static String of(EvaluationReport report) {
        ObjectNode root = JSON.createObjectNode()
                .put("format", "distill-evaluation")
                .put("version", VERSION)
                .put("title", report.title());
        report.models().forEach(root.putArray("models")::add);
        ArrayNode tasks = root.putArray("tasks");
        report.tasks().forEach(task -> task(tasks.addObject(), task));
        try {
            return JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void task(ObjectNode node, TaskReport report) {
        Task task = report.models().getFirst().graded().task();
        node.put("task", task.name()).put("grading", task.grading().word());
        ObjectNode origin = node.putObject("origin")
                .put("dataset", task.origin().dataset())
                .put("version", task.origin().version())
                .put("licence", task.origin().licence());
        task.origin().files().forEach(origin.putObject("files")::put);
        ArrayNode models = node.putArray("models");
        report.models().forEach(model -> model(models.addObject(), model));
        if (report.difference() != null) {
            difference(node.putObject("difference"), report.difference());
        }
        ArrayNode published = node.putArray("published");
        for (Published.Figure figure : Published.of(task.name())) {
            put(
                            published.addObject().put("model", figure.model()).put("metric", figure.metric()),
                            "value",
                            figure.value())
                    .put("source", figure.source().title())
                    .put("url", figure.source().url())
                    .put("date", figure.source().date())
                    .put("protocol", figure.source().protocol());
        }
    }

    private static void model(ObjectNode node, ModelReport report) {
        TaskScore score = report.score();
        node.put("model", score.model());
        conditions(node, report.graded().asked());
        node.put("questions", score.questions()).put("samples", score.samples());
        interval(node, "pass_at_1", score.passAt1());
        put(node, "cons", score.consensus());
        ObjectNode grades = node.putObject("grades");
        for (Grade grade : Grade.values()) {
            grades.put(word(grade), score.count(grade));
        }
        put(node, "mean_tokens", score.meanTokens());
        if (score.detail() != null) {
            detail(node, score.detail());
        }
        ArrayNode questions = node.putArray("by_question");
        report.graded().questions().forEach(question -> question(questions.addObject(), question));
    }

    /** Nothing of answers that were made elsewhere is known, unless their file says it. */
    private static void conditions(ObjectNode node, Conditions asked) {
        Decoding decoding = asked.decoding();
        if (decoding == null) {
            node.putNull("decoding").putNull("protocol").putNull("system");
            return;
        }
        decoding(node.putObject("decoding"), decoding);
        node.put("protocol", asked.protocol()).put("system", asked.system());
    }

    private static void decoding(ObjectNode node, Decoding decoding) {
        node.put("samples", decoding.samples());
        put(node, "temperature", decoding.temperature());
        put(node, "top_p", decoding.topP());
        node.put("top_k", decoding.topK())
                .put("max_new_tokens", decoding.maxNewTokens())
                .put("seed", decoding.seed());
    }

    private static void detail(ObjectNode node, TaskDetail detail) {
        ArrayNode curve = node.putArray("pass_at_k");
        for (PassAt at : detail.passAtK()) {
            interval(curve.addObject().put("k", at.k()).put("questions", at.questions()), "share", at.share());
        }
        ArrayNode steady = node.putArray("g_pass_at_k");
        for (PassAt.Steady at : detail.steady()) {
            ObjectNode one = steady.addObject().put("k", at.k()).put("questions", at.questions());
            put(
                    put(put(put(one, "tau_0.5", at.half()), "tau_0.75", at.threeQuarters()), "tau_1", at.all()),
                    "mean",
                    at.mean());
        }
        SeedSpread seeds = detail.seeds();
        if (seeds != null) {
            ObjectNode spread = node.putObject("seeds").put("runs", seeds.runs());
            put(put(put(spread, "mean", seeds.mean()), "deviation", seeds.deviation()), "min", seeds.min());
            put(put(spread, "max", seeds.max()), "standard_error", seeds.standardError());
        }
        spending(node.putObject("spending"), detail.spending());
        ObjectNode manner = node.putObject("manner");
        for (MannerColumn column : detail.manner().columns()) {
            ObjectNode one = manner.putObject(column.name())
                    .put("unit", column.unit().name().toLowerCase(Locale.ROOT))
                    .put("responses", column.responses());
            put(interval(one, "mean", column.value()), "median", column.median());
        }
        detail.manner().identities().forEach(node.putObject("identities")::put);
        facets(node.putArray("facets"), detail);
        RatingEstimate rating = detail.rating();
        if (rating != null) {
            interval(node.putObject("rating").put("problems", rating.problems()), "estimate", rating.rating());
        }
    }

    private static void spending(ObjectNode node, Spending spending) {
        node.put("responses", spending.responses())
                .put("solved", spending.solved())
                .put("tokens", spending.tokens());
        put(node, "seconds", spending.seconds());
        put(node, "tokens_per_response", spending.tokensPerResponse());
        put(node, "tokens_per_solved", spending.tokensPerSolved());
        put(node, "seconds_per_response", spending.secondsPerResponse());
        put(node, "seconds_per_solved", spending.secondsPerSolved());
        node.put("cost", text(spending.cost()));
        node.put("cost_per_response", text(spending.costPerResponse()));
        node.put("cost_per_solved", text(spending.costPerSolved()));
    }

    private static void facets(ArrayNode node, TaskDetail detail) {
        for (FacetScore facet : detail.facets()) {
            ObjectNode one = node.addObject()
                    .put("facet", facet.facet())
                    .put("value", facet.value())
                    .put("questions", facet.questions());
            interval(one, "pass_at_1", facet.passAt1());
            ObjectNode grades = one.putObject("grades");
            for (Grade grade : Grade.values()) {
                grades.put(word(grade), facet.grades().getOrDefault(grade, 0));
            }
        }
    }

    private static void question(ObjectNode node, GradedQuestion question) {
        node.put("id", question.question().id()).put("reference", question.reference());
        ObjectNode facets = node.putObject("facets");
        for (Map.Entry<String, String> facet : question.question().facets().entrySet()) {
            facets.put(facet.getKey(), facet.getValue());
        }
        put(node, "score", question.score());
        node.put(
                "consensus",
                question.consensus() == null ? null : question.consensus().answer());
        ArrayNode samples = node.putArray("samples");
        for (Graded sample : question.samples()) {
            samples.addObject()
                    .put("grade", word(sample.grade()))
                    .put("answer", sample.answer())
                    .put("tokens", sample.response().usage().completionTokens());
        }
    }

    private static void difference(ObjectNode node, ModelDifference difference) {
        node.put("questions", difference.paired().questions())
                .put("first_better", difference.paired().firstBetter())
                .put("second_better", difference.paired().secondBetter());
        interval(node, "second_minus_first", difference.paired().difference());
        put(node.put("test", difference.isKnown() ? difference.test() : null), "p", difference.p());
        put(
                put(node, "p_holm", difference.adjustedP()),
                "detectable",
                difference.paired().detectable());
    }

    private static ObjectNode interval(ObjectNode node, String name, Interval interval) {
        put(put(put(node.putObject(name), "value", interval.value()), "low", interval.low()), "high", interval.high());
        return node;
    }

    private static ObjectNode put(ObjectNode node, String name, double value) {
        return Double.isFinite(value) ? node.put(name, Figures.stored(value)) : node.putNull(name);
    }

    private static @Nullable String text(@Nullable Money money) {
        return money == null ? null : money.toString();
    }

    static String word(Grade grade) {
        return grade.name().toLowerCase(Locale.ROOT);
    }
}

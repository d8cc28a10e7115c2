package dev.distill.eval.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.journal.AtomicFile;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results as EleutherAI's lm-evaluation-harness writes them (version 0.4: {@code lm_eval/loggers/evaluation_tracker.py}, {@code
 * lm_eval/evaluator.py}), for the programs that read its files: {@code MODEL/results_STAMP.json} with the scores, {@code
 * MODEL/samples_TASK_STAMP.jsonl} with a line a question. The filter is {@code none}; {@code exact_match} of a question is the
 * share of its responses that are right, its standard error, as there, that of the mean over questions. Questions that the
 * infrastructure failed are in neither.
 */
public final class HarnessFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String METRIC = "exact_match";

    private HarnessFiles() {}

    /**
     * Writes the files of every model; such files of earlier reports are removed from the folder, for its readers take all that they find.
     *
     * @param folder this report's own
     * @param stamp where the harness writes the time, so that files sort; letters, digits, {@code - . _}
     * @return all files
     */
    public static List<Path> write(EvaluationReport report, Path folder, String stamp) throws IOException {
        if (!stamp.matches("[\\w.-]{1,64}")) {
            throw new IllegalArgumentException(
                    "harness files: a stamp must be 1 to 64 letters, digits or - . _; got \"" + stamp + "\"");
        }
        List<Path> written = new ArrayList<>();
        Map<String, String> folders = HarnessFolders.names(report.models());
        for (String model : report.models()) {
            Path of = folder.resolve(folders.getOrDefault(model, model));
            List<ModelReport> tasks = new ArrayList<>();
            for (TaskReport task : report.tasks()) {
                task.models().stream()
                        .filter(one -> one.score().model().equals(model))
                        .forEach(tasks::add);
            }
            for (ModelReport task : tasks) {
                String name = "samples_" + HarnessFolders.sanitized(task.score().task()) + "_" + stamp + ".jsonl";
                AtomicFile.write(of.resolve(name), samples(task));
                written.add(of.resolve(name));
            }
            Path results = of.resolve("results_" + stamp + ".json");
            AtomicFile.write(
                    results,
                    JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(results(model, tasks)) + "\n");
            written.add(results);
        }
        HarnessFolders.removeOthers(folder, written);
        return written;
    }

    private static ObjectNode results(String model, List<ModelReport> tasks) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode results = root.putObject("results");
        ObjectNode groups = root.putObject("group_subtasks");
        ObjectNode configs = root.putObject("configs");
        ObjectNode versions = root.putObject("versions");
        ObjectNode shots = root.putObject("n-shot");
        ObjectNode higher = root.putObject("higher_is_better");
        ObjectNode counts = root.putObject("n-samples");
        for (ModelReport report : tasks) {
            TaskScore score = report.score();
            Task task = report.graded().task();
            double[] scores = TaskScore.counted(report.graded().questions());
            if (scores.length > 0) { // of a task that the infrastructure failed there is no result
                result(results.putObject(score.task()), score, scores);
            }
            groups.putArray(score.task());
            config(
                    configs.putObject(score.task()),
                    task,
                    report.graded().asked().decoding());
            versions.put(
                    score.task(),
                    task.origin().version().isEmpty() ? "0" : task.origin().version());
            shots.put(score.task(), 0);
            higher.putObject(score.task()).put(METRIC, true);
            counts.putObject(score.task())
                    .put("original", task.questions().size())
                    .put("effective", scores.length);
        }
        root.putObject("config").put("model", "distill").put("model_args", "model=" + model);
        return root.put("model_source", "distill")
                .put("model_name", model)
                .put("model_name_sanitized", HarnessFolders.sanitized(model));
    }

    private static void result(ObjectNode node, TaskScore score, double[] scores) {
        node.put("alias", score.task())
                .put("sample_len", scores.length)
                .put(METRIC + ",none", Figures.stored(score.passAt1().value()));
        if (scores.length > 1) {
            node.put(METRIC + "_stderr,none", Figures.stored(standardError(scores)));
        } else {
            node.put(METRIC + "_stderr,none", "N/A");
        }
    }

    /** @param decoding null for answers that were made elsewhere */
    private static void config(ObjectNode node, Task task, @Nullable Decoding decoding) {
        node.put("task", task.name())
                .put("dataset_path", task.origin().dataset())
                .put("output_type", "generate_until")
                .put("num_fewshot", 0)
                .put("repeats", task.decoding().samples());
        node.putArray("metric_list").addObject().put("metric", METRIC).put("higher_is_better", true);
        ObjectNode generation = node.putObject("generation_kwargs");
        if (decoding != null) {
            generation
                    .put("do_sample", decoding.temperature() > 0)
                    .put("temperature", decoding.temperature())
                    .put("top_p", decoding.topP())
                    .put("top_k", decoding.topK())
                    .put("max_gen_toks", decoding.maxNewTokens())
                    .put("seed", decoding.seed());
        }
        node.putObject("metadata")
                .put("grading", task.grading().word())
                .put("licence", task.origin().licence());
    }

    /** Of the mean, with n - 1 below. */
    private static double standardError(double[] scores) {
        double mean = Arrays.stream(scores).average().orElseThrow();
        double squares = Arrays.stream(scores).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (scores.length - 1) / scores.length);
    }

    private static AtomicFile.Content samples(ModelReport report) {
        return out -> {
            List<GradedQuestion> questions = report.graded().questions();
            for (int i = 0; i < questions.size(); i++) {
                if (Double.isFinite(questions.get(i).score())) {
                    String line =
                            sample(i, questions.get(i), report.graded().asked().decoding()) + "\n";
                    out.write(line.getBytes(StandardCharsets.UTF_8));
                }
            }
        };
    }

    private static ObjectNode sample(int index, GradedQuestion question, @Nullable Decoding decoding) {
        String prompt = question.question().prompt().question();
        String target = question.reference();
        ObjectNode line = JSON.createObjectNode().put("doc_id", index);
        ObjectNode doc = line.putObject("doc")
                .put("id", question.question().id())
                .put("question", prompt)
                .put("answer", target);
        question.question().facets().forEach(doc::put);
        line.put("target", target);
        ObjectNode arguments =
                line.putObject("arguments").putObject("gen_args_0").put("arg_0", prompt);
        ObjectNode how = arguments.putObject("arg_1");
        if (decoding != null) {
            how.put("temperature", decoding.temperature()).put("max_gen_toks", decoding.maxNewTokens());
        }
        ArrayNode responses = line.putArray("resps").addArray();
        ArrayNode filtered = line.putArray("filtered_resps");
        ArrayNode grades = JSON.createArrayNode();
        for (Graded one : question.samples()) {
            if (one.grade() != Grade.INFRA_ERROR) {
                responses.add(whole(one));
                filtered.add(one.answer() == null ? "" : one.answer());
                grades.add(ReportJson.word(one.grade()));
            }
        }
        line.put("filter", "none").putArray("metrics").add(METRIC);
        line.put("doc_hash", sha256(doc.toString()))
                .put("prompt_hash", sha256(prompt))
                .put("target_hash", sha256(target));
        line.put(METRIC, Figures.stored(question.score()));
        line.set("grades", grades);
        return line;
    }

    /** Reasoning and answer as a model with such tags writes them. */
    private static String whole(Graded one) {
        String reasoning = one.response().reasoning();
        return reasoning == null
                ? one.response().answer()
                : "<think>\n" + reasoning + "\n</think>\n\n" + one.response().answer();
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.report.SwePredictions;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.pipeline.SweAnswers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code distill report swe-predictions}: answers to SWE-bench's issues in the form that its harness runs. */
@Command(
        name = "swe-predictions",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes answers to SWE-bench's issues in the form that its own harness runs: instance_id, model_name_or_path and model_patch,"
                    + " a line each. Its tests need a container for each issue and are not run here.",
            "The answers are JSON lines (or Parquet) with an instance_id and an answer; of a task file's questions, for example the"
                    + " responses.jsonl of an evaluation, they are known by those with --task. The patch is the last block fenced as"
                    + " diff or patch, else a patch tag, else a bare diff."
        },
        footer = {
            "",
            "Example:",
            "  distill report swe-predictions answers.jsonl --model student --to predictions.jsonl",
            "  python -m swebench.harness.run_evaluation --dataset_name princeton-nlp/SWE-bench_Verified \\",
            "      --predictions_path predictions.jsonl --run_id one",
            "  distill report swe-results student.one.json"
        })
final class SwePredictionsCommand implements Callable<Integer>, Checked {
    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(paramLabel = "ANSWERS", description = "The file of answers.")
    Path answers = Path.of("");

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "The file of predictions to write.")
    Path to = Path.of("");

    @Option(names = "--model", required = true, paramLabel = "NAME", description = "As the harness's report is called.")
    String model = "";

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Task file with the questions, whose facet instance_id says which instance each is.")
    @Nullable
    Path task;

    @Option(names = "--data", paramLabel = "DIR", description = "Where that task's data lies, beside the hub's cache.")
    @Nullable
    Path data;

    @Override
    public void check(Problems problems) {
        if (!Files.isRegularFile(answers)) {
            problems.add("report swe-predictions: ANSWERS must be a file; got " + answers);
        }
        if (model.isBlank() || model.contains("/")) {
            problems.add("--model must be a name without /, for the harness writes NAME.RUN.json; got " + model);
        }
        if (data != null && task == null) {
            problems.add("--data says where the data of --task lies; give --task, or leave it out");
        }
        if (task != null && !Files.isRegularFile(task)) {
            problems.add("--task must be a task file; got " + task);
        }
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console();
        List<Answered> answered = task == null
                ? SweAnswers.read(model, answers)
                : SweAnswers.read(model, answers, task, data == null ? List.of() : List.of(data));
        int patches = SwePredictions.write(to, model, answered);
        ObjectNode result = new ObjectMapper()
                .createObjectNode()
                .put("file", to.toString())
                .put("instances", answered.size())
                .put("patches", patches);
        console.print(Figures.text(result));
        console.result(result);
        if (patches == 0) {
            console.warn(
                    "report swe-predictions: no answer has a patch: none has a block fenced as diff, a patch tag or a bare"
                            + " diff");
        }
        return ExitCode.DONE;
    }
}

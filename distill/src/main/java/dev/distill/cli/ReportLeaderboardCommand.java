package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.report.Leaderboard;
import dev.distill.eval.report.TaskScore;
import dev.distill.pipeline.EvalStage;
import dev.distill.pipeline.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code distill report leaderboard}: the scores of several runs in one table. */
@Command(
        name = "leaderboard",
        mixinStandardHelpOptions = true,
        description = {
            "The scores of several runs in one table: a row a model, a column a task, each with its interval.",
            "It is sorted by the mean over the tasks that all of them have: a place to begin reading. Whether one model is better than"
                    + " another, eval.against tells, question by question."
        },
        footer = {"", "Example:", "  distill report leaderboard runs/base runs/student > leaderboard.md"})
final class ReportLeaderboardCommand implements Callable<Integer>, Checked {
    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            description = "Folders of runs that were evaluated, or of their evaluations.")
    List<Path> runs = List.of();

    @Override
    public void check(Problems problems) {
        for (Path run : runs) {
            if (!Files.exists(folder(run).resolve(EvalStage.SCORES))) {
                problems.add("report leaderboard: " + run + " has no evaluation (no "
                        + folder(run).resolve(EvalStage.SCORES)
                        + "); give the folder of a run on which the command eval has ended");
            }
        }
    }

    private static Path folder(Path run) {
        return Files.exists(run.resolve(EvalStage.SCORES)) ? run : new RunFolder(run).eval();
    }

    /** Names that models of more than one run have: one model asked in two ways, say. */
    private static Set<String> namesOfSeveral(Collection<List<TaskScore>> runs) {
        Set<String> seen = new HashSet<>();
        Set<String> several = new HashSet<>();
        for (List<TaskScore> scores : runs) {
            Set<String> names = scores.stream().map(TaskScore::model).collect(Collectors.toSet());
            names.stream().filter(name -> !seen.add(name)).forEach(several::add);
        }
        return several;
    }

    @Override
    public Integer call() throws Exception {
        Console console = options.console();
        List<TaskScore> all = new ArrayList<>();
        ObjectNode result = new ObjectMapper().createObjectNode();
        ArrayNode each = result.putArray("runs");
        SequencedMap<Path, List<TaskScore>> byRun = new LinkedHashMap<>();
        for (Path run : runs) {
            byRun.put(run, EvalStage.read(folder(run)));
        }
        Set<String> several = namesOfSeveral(byRun.values());
        for (Path run : byRun.keySet()) {
            List<TaskScore> scores = byRun.getOrDefault(run, List.of());
            scores.stream()
                    .map(score -> several.contains(score.model()) ? score.named(score.model() + " in " + run) : score)
                    .forEach(all::add);
            ObjectNode one = each.addObject().put("run", run.toString());
            OutcomeJson.scores(one, scores);
        }
        console.print(Leaderboard.markdown(all));
        console.result(result);
        return ExitCode.DONE;
    }
}

package dev.distill.pipeline;

import dev.distill.data.intake.ClosestName;
import dev.distill.data.intake.IntakeException;
import dev.distill.data.shard.Manifest;
import dev.distill.eval.manner.Probes;
import dev.distill.eval.suite.SuiteException;
import dev.distill.eval.suite.TaskData;
import dev.distill.eval.suite.TaskFile;
import dev.distill.eval.task.Evaluation;
import dev.distill.eval.task.Grading;
import dev.distill.hub.ModelSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What an evaluation needs and nobody makes: tasks and their data, a sandbox, a judge, whoever answers and is compared with. Looked for before the first stage of a run
 * begins, for evaluation comes after hours of training. The tasks' data is found, and read where it is small.
 */
final class EvalPreflight {
    /** Data of so many bytes is read before the run, which takes a second or two; of more it is only seen whether it is there. */
    private static final long READ_AT_MOST = 32_000_000;

    private final Recipe recipe;
    private final EvalPart eval;
    private final List<String> problems = new ArrayList<>();

    private EvalPreflight(Recipe recipe, EvalPart eval) {
        this.recipe = recipe;
        this.eval = eval;
    }

    /** All that is wrong, each with what to do about it; what it wants of the recipe's student is another's business. */
    static List<String> of(Recipe recipe, EvalPart eval) {
        EvalPreflight preflight = new EvalPreflight(recipe, eval);
        try {
            SequencedMap<String, Grading> tasks = preflight.tasks();
            preflight.graders(tasks);
            preflight.subject();
            if (eval.against().orElse(null) instanceof EvalRival.Run(Path run)) {
                preflight.rival(run, tasks);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return preflight.problems;
    }

    /** @throws RecipeException if a run is to be compared with itself, whose answers it is about to replace */
    static void checkRival(Recipe recipe, RunFolder run) {
        EvalRival rival = recipe.eval().flatMap(EvalPart::against).orElse(null);
        if (rival instanceof EvalRival.Run(Path other) && isSame(other, run.root())) {
            throw new RecipeException(
                    recipe.name(),
                    List.of("eval.against: must be another run than this one, " + run.root()
                            + "; give this evaluation a folder of its own (--dir), or name another"));
        }
    }

    private static boolean isSame(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /** How each task is graded, by its name. */
    private SequencedMap<String, Grading> tasks() throws IOException {
        SequencedMap<String, Grading> tasks = new LinkedHashMap<>();
        for (Path folder : eval.data()) {
            if (!Files.isDirectory(folder)) {
                problems.add("eval.data: there is no such folder; got " + folder);
            }
        }
        for (String given : eval.tasks()) {
            Optional<TaskFile> file = file(given);
            if (file.isPresent()) {
                String name = file.get().name();
                if (EvalTasks.RESERVED.contains(name)) {
                    problems.add(
                            "eval.tasks: no task can be called " + name
                                    + ", for the folder of that name has something else in it; rename its file, or set its name");
                }
                if (tasks.put(name, file.get().grading()) != null) {
                    problems.add(EvalTasks.twice(name));
                }
            }
        }
        if (eval.probes()) {
            for (Probes probes : Probes.values()) {
                String name = EvalTasks.name(probes);
                if (tasks.put(name, Grading.EXACT) != null) {
                    problems.add(EvalTasks.twice(name));
                }
            }
        }
        return tasks;
    }

    /** The task file of what was given, whose data is there. */
    private Optional<TaskFile> file(String given) throws IOException {
        boolean builtIn = TaskFile.builtIn().contains(given);
        if (!builtIn && Files.isDirectory(Path.of(given))) {
            problems.add("eval.tasks: must name files; got the folder " + given);
            return Optional.empty();
        }
        if (!builtIn && !Files.isRegularFile(Path.of(given))) {
            String close = ClosestName.of(EvalPart.taskName(Path.of(given)), TaskFile.builtIn());
            problems.add("eval.tasks: there is no such file, and no task is called so; got " + given
                    + (close == null ? "" : "; did you mean " + close + "?") + " Tasks are "
                    + String.join(", ", TaskFile.builtIn()));
            return Optional.empty();
        }
        try {
            TaskFile file = TaskFile.of(given);
            TaskData data = TaskData.find(file, EvalTasks.folders(eval));
            if (bytes(data) <= READ_AT_MOST) {
                EvalTasks.load(eval, file, data);
            }
            return Optional.of(file);
        } catch (SuiteException | IntakeException e) {
            problems.add("eval.tasks: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static long bytes(TaskData data) throws IOException {
        long bytes = 0;
        for (Path file : data.files()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private void graders(SequencedMap<String, Grading> tasks) {
        List<String> programs = graded(tasks, Grading.CODE);
        if (!programs.isEmpty() && !recipe.verify().runsPrograms()) {
            problems.add("verify.sandbox: must be bubblewrap, for the answers to task " + String.join(", ", programs)
                    + " are programs that are run; got none");
        } else if (!programs.isEmpty()) {
            problems.addAll(recipe.verify().sandboxProblems());
        }
        List<String> judged = graded(tasks, Grading.JUDGE);
        Optional<JudgePart> judge = recipe.verify().judge();
        if (judge.isEmpty() && !judged.isEmpty()) {
            problems.add("verify.judge: is missing; the answers to task " + String.join(", ", judged)
                    + " are judged by a model");
        } else if (judge.isEmpty() && eval.agreement()) {
            problems.add("verify.judge: is missing; eval.agreement compares its judgements with those of rules");
        } else if (judge.isPresent() && (!judged.isEmpty() || eval.agreement())) {
            problems.addAll(Whom.judge(recipe, judge.get()).problems());
        }
    }

    private static List<String> graded(SequencedMap<String, Grading> tasks, Grading grading) {
        return tasks.entrySet().stream()
                .filter(task -> task.getValue() == grading)
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    private void subject() {
        switch (eval.subject()) {
            case EvalSubject.Trained trained -> {}
            case EvalSubject.Model(ModelSource.Missing missing) -> problems.add("eval.model: " + missing.message());
            case EvalSubject.Model model -> {}
            case EvalSubject.Endpoint(EndpointPart endpoint) ->
                problems.addAll(endpoint.whom(recipe).problems());
            case EvalSubject.Answers(Path file) -> {
                if (!Files.exists(file)) {
                    problems.add("eval.answers: there is no such file; got " + file);
                } else if (Files.isDirectory(file) && !Manifest.isIn(file)) {
                    problems.add(
                            "eval.answers: must be a file, or a folder of traces with its manifest; got the folder "
                                    + file);
                }
            }
        }
    }

    /** Another run can be compared with where its evaluation has ended and a task is in both. */
    private void rival(Path run, SequencedMap<String, Grading> tasks) {
        Path other = new RunFolder(run).eval();
        if (!Files.isDirectory(run)) {
            problems.add("eval.against: must be base, or the folder of a run; there is no folder " + run);
        } else if (!Manifest.isIn(other)) {
            problems.add("eval.against: the run in " + run + " has no evaluation that has ended (no "
                    + other.resolve(Manifest.FILE_NAME) + "); give the command eval there first, or name another run");
        } else if (!tasks.isEmpty()
                && tasks.sequencedKeySet().stream()
                        .noneMatch(task -> Files.exists(other.resolve(task).resolve(Evaluation.RESPONSES)))) {
            problems.add("eval.against: the run in " + run + " was asked none of the tasks of this one, "
                    + String.join(", ", tasks.sequencedKeySet())
                    + "; evaluate it on one of them, or leave against out");
        }
    }
}

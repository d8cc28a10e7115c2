package dev.distill.pipeline;

import dev.distill.data.curate.Correctness;
import dev.distill.hub.DataSource;
import dev.distill.hub.ModelSource;
import dev.distill.pipeline.Pipeline.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the stages of a run need and nobody makes: sections of the recipe, files. Looked for before the first stage begins,
 * all at once, so that a run of hours does not end at a file name that was mistyped.
 */
final class Preflight {
    private final List<String> problems = new ArrayList<>();

    private Preflight() {}

    /** @throws RecipeException with everything that is missing for the stages from {@code from} to {@code to} */
    static void check(Recipe recipe, Stage from, Stage to) {
        Preflight preflight = new Preflight();
        for (Stage stage : Stage.values()) {
            if (stage.compareTo(from) >= 0 && stage.compareTo(to) <= 0) {
                preflight.check(recipe, stage, stage == from, stage == to);
            }
        }
        if (!preflight.problems.isEmpty()) {
            throw new RecipeException(
                    recipe.name(), preflight.problems.stream().distinct().toList());
        }
    }

    /**
     * @param first whether the run begins with this stage, so that it was asked for by name
     * @param last whether it ends with it
     */
    private void check(Recipe recipe, Stage stage, boolean first, boolean last) {
        switch (stage) {
            case HARVEST -> {
                if (Harvested.isGiven(recipe)) {
                    if (first && last) {
                        problems.add(
                                "harvest.traces: names traces, so that there is nothing to harvest; begin with curate");
                    }
                    return;
                }
                section(recipe.teacher(), "teacher", "harvest").ifPresent(teacher -> {
                    if (teacher.local() instanceof ModelSource.Missing missing) {
                        problems.add("teacher.model: " + missing.message());
                    }
                });
                section(recipe.prompts(), "prompts", "harvest").ifPresent(prompts -> data(prompts.files()));
            }
            case VERIFY -> {
                given(recipe);
                verifier(recipe.verify(), first);
                recipe.verify()
                        .judge()
                        .ifPresent(judge ->
                                problems.addAll(Whom.judge(recipe, judge).problems()));
            }
            case CURATE -> {
                given(recipe);
                files("curate.held-out", recipe.curate().heldOut());
                recipe.verify().judge().ifPresent(judge -> policy(recipe.curate(), judge));
            }
            case TRAIN -> {
                student(recipe, "train");
                files("train.score-tasks", recipe.train().measuring().score().tasks());
                recipe.train().distill().map(DistillPart::origin).ifPresent(this::teacher);
            }
            case EXPORT -> student(recipe, "export");
            case EVAL -> {
                if (first) {
                    section(recipe.eval(), "eval", "eval");
                }
                recipe.eval().ifPresent(eval -> evaluation(recipe, eval));
            }
        }
    }

    private void evaluation(Recipe recipe, EvalPart eval) {
        problems.addAll(EvalPreflight.of(recipe, eval));
        if (eval.subject() instanceof EvalSubject.Trained) {
            student(recipe, "eval");
        }
        if (eval.against().orElse(null) instanceof EvalRival.Base) {
            student(recipe, "eval.against: base");
        }
    }

    private void given(Recipe recipe) {
        try {
            problems.addAll(Harvested.problems(recipe));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sandbox is made and given up again: better now than after the harvest. */
    private void verifier(VerifyPart verify, boolean first) {
        if (first && !verify.isOn()) {
            problems.add(
                    "verify.sandbox: is none, so that no program is run, and no verify.judge is named; verify needs"
                            + " bubblewrap or a judge");
        }
        if (verify.runsPrograms()) {
            problems.addAll(verify.sandboxProblems());
        }
    }

    /** A judge that is not asked about wrong answers overrules none. */
    private void policy(CuratePart curate, JudgePart judge) {
        if (curate.judged() == Correctness.Judged.OVERRULE_WRONG && judge.which() == JudgePart.Which.UNDECIDED) {
            problems.add("curate.judge: overrule-wrong needs a judge that sees what the rules find wrong; set"
                    + " verify.judge.traces to failed-and-undecided, or curate.judge to where-undecided");
        }
    }

    private void teacher(TeacherOrigin origin) {
        switch (origin) {
            case TeacherOrigin.Model(ModelSource.Missing missing) ->
                problems.add("train.distill.model: " + missing.message());
            case TeacherOrigin.Model found -> {}
            case TeacherOrigin.Api api -> {
                try {
                    api.key();
                } catch (IllegalArgumentException e) {
                    problems.add("train.distill.key-env: " + e.getMessage());
                }
            }
            case TeacherOrigin.Stored stored -> {
                if (!Files.isDirectory(stored.folder())) {
                    problems.add("train.distill.distributions: there is no such folder; got " + stored.folder());
                }
            }
        }
    }

    private void student(Recipe recipe, String stage) {
        if (section(recipe.student(), "student", stage).map(StudentPart::base).orElse(null)
                instanceof ModelSource.Missing missing) {
            problems.add("student.base: " + missing.message());
        }
    }

    private <T> Optional<T> section(Optional<T> part, String section, String stage) {
        if (part.isEmpty()) {
            problems.add(section + ": is missing; " + stage + " needs this section");
        }
        return part;
    }

    private void data(List<DataSource> sources) {
        for (DataSource source : sources) {
            if (source instanceof DataSource.Missing missing) {
                problems.add("prompts.files: " + missing.message());
            }
        }
    }

    private void files(String key, List<Path> files) {
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                problems.add(key + ": must name files; got the folder " + file);
            } else if (!Files.isRegularFile(file)) {
                problems.add(key + ": there is no such file; got " + file);
            }
        }
    }
}

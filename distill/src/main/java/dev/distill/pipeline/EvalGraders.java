package dev.distill.pipeline;

import dev.distill.eval.code.CodeVerifier;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.grade.Graders;
import dev.distill.eval.manner.ProbeGrader;
import dev.distill.eval.manner.Probes;
import dev.distill.eval.manner.SelfNaming;
import dev.distill.eval.sandbox.Sandbox;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who grades an evaluation: rules, a sandbox where programs are run, a judge model where the recipe names one. */
final class EvalGraders implements Examination.Grading, AutoCloseable {
    /** Whose answers can be put before a judge beside their reference: short ones that a rule compares. */
    private static final Set<Grading> RULES = Set.of(Grading.MATH, Grading.CHOICE, Grading.EXACT);

    /** Programs are run again where another version of this program has graded them. */
    private static final String VERSION = "1";

    private final Graders graders;
    private final @Nullable Sandbox sandbox;
    private final Optional<AnswerJudge> judge;
    private final EvalBeside beside;
    private final String conditions;
    private final Stop stop;

    private EvalGraders(
            Graders graders,
            @Nullable Sandbox sandbox,
            Optional<AnswerJudge> judge,
            EvalBeside beside,
            String conditions,
            Stop stop) {
        this.conditions = conditions;
        this.stop = stop;
        this.beside = beside;
        this.graders = graders;
        this.sandbox = sandbox;
        this.judge = judge;
    }

    /** Rules alone. */
    static EvalGraders ofTexts() {
        return new EvalGraders(
                Graders.byRules(), null, Optional.empty(), new EvalBeside(false, "", false), "", new Stop());
    }

    /**
     * What these tasks need; {@link EvalPreflight} has seen to it that it can be had.
     *
     * @param judge for answers of a free form; empty where the recipe names none
     * @param stop breaks off the running of programs
     */
    static EvalGraders of(Recipe recipe, List<Task> tasks, Optional<AnswerJudge> judge, Stop stop) throws IOException {
        String settings = VERSION + " " + recipe.verify().settings();
        EvalBeside beside = Recipe.required(recipe.eval(), "eval", "eval").beside();
        if (tasks.stream().noneMatch(task -> task.grading() == Grading.CODE)) {
            return new EvalGraders(Graders.byRules(), null, judge, beside, settings, stop);
        }
        Sandbox sandbox = Sandbox.open();
        Graders graders = Graders.byRules()
                .with(new CodeVerifier(sandbox, recipe.verify().settings()))
                .atOnce(Runtime.getRuntime().availableProcessors());
        return new EvalGraders(graders, sandbox, judge, beside, settings, stop);
    }

    @Override
    public Grader of(Task task, List<Answered> answered, Path folder) throws IOException {
        if (Probes.are(task)) {
            return new ProbeGrader(SelfNaming.known(beside.ownName()).orElse(beside.ownName()));
        }
        return switch (task.grading()) {
            case JUDGE -> judge.orElseThrow().grader(answered, folder);
            case CODE -> programs(task, answered, folder);
            case MATH, CHOICE, INSTRUCTIONS, EXACT -> graders.of(task, answered);
        };
    }

    private Grader programs(Task task, List<Answered> answered, Path folder) {
        try {
            return graders.of(task, answered, grader -> KeptGrades.in(folder, grader, conditions, stop));
        } catch (IllegalStateException e) {
            throw e.getCause() instanceof Stop.StoppedException stopped ? stopped : e;
        }
    }

    @Override
    public Optional<Grader> second(Task task, List<Answered> answered, Path folder) throws IOException {
        boolean both = beside.agreement() && judge.isPresent() && RULES.contains(task.grading()) && !Probes.are(task);
        return both ? Optional.of(judge.orElseThrow().grader(answered, folder)) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        judge.ifPresent(AnswerJudge::close);
        if (sandbox != null) {
            sandbox.close();
        }
    }
}

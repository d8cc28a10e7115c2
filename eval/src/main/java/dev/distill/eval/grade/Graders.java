package dev.distill.eval.grade;

import dev.distill.data.answer.Verifier;
import dev.distill.eval.code.CodeVerifier;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The graders that can be had with what is at hand.
 *
 * @param code what runs programs; empty without a sandbox
 * @param judge what judges answers of a free form; empty without a judge model
 * @param atOnce programs or judgements at a time; each program takes a core
 */
public record Graders(Optional<CodeVerifier> code, Optional<Verifier> judge, int atOnce) {
    public Graders {
        if (atOnce < 1) {
            throw new IllegalArgumentException("grading: at least one at a time; got " + atOnce);
        }
    }

    /** Those that need neither sandbox nor judge. */
    public static Graders byRules() {
        return new Graders(Optional.empty(), Optional.empty(), 1);
    }

    public Graders with(CodeVerifier verifier) {
        return new Graders(Optional.of(verifier), judge, atOnce);
    }

    public Graders withJudge(Verifier verifier) {
        return new Graders(code, Optional.of(verifier), atOnce);
    }

    public Graders atOnce(int many) {
        return new Graders(code, judge, many);
    }

    /** Whether a task that is graded so can be graded here; to be asked before answers are paid for. */
    public Optional<String> lacks(Grading grading) {
        return switch (grading) {
            case MATH, CHOICE, INSTRUCTIONS, EXACT -> Optional.empty();
            case CODE ->
                code.isPresent()
                        ? Optional.empty()
                        : Optional.of("needs a sandbox to run programs in, and there is none; install bubblewrap");
            case JUDGE ->
                judge.isPresent()
                        ? Optional.empty()
                        : Optional.of("needs a judge model, and none is named; name one, or grade it as exact");
        };
    }

    /**
     * The grader of a task.
     *
     * @throws IllegalStateException if what it needs is not at hand
     */
    public Grader of(Task task) {
        Optional<String> lacks = lacks(task.grading());
        if (lacks.isPresent()) {
            throw new IllegalStateException(
                    "task " + task.name() + ": grading " + task.grading().word() + " " + lacks.get());
        }
        return switch (task.grading()) {
            case MATH -> new MathGrader();
            case CHOICE -> new ChoiceGrader();
            case INSTRUCTIONS -> new InstructionGrader();
            case EXACT -> new ExactGrader();
            case CODE -> new CodeGrader(code.orElseThrow());
            case JUDGE -> new JudgeGrader(judge.orElseThrow());
        };
    }

    /** The same, having graded these already where that takes a process or a network, {@link #atOnce} at a time. */
    public Grader of(Task task, List<Answered> answered) {
        return of(task, answered, UnaryOperator.identity());
    }

    /** The same. @param kept what is to stand between, and remembers what was graded before */
    public Grader of(Task task, List<Answered> answered, UnaryOperator<Grader> kept) {
        Grader grader = kept.apply(of(task));
        boolean waits = task.grading() == Grading.CODE || task.grading() == Grading.JUDGE;
        return waits && atOnce > 1 ? new GradedAhead(grader, answered, atOnce) : grader;
    }
}

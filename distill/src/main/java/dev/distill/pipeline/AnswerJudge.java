package dev.distill.pipeline;

import dev.distill.data.answer.Verifier;
import dev.distill.data.curate.Correctness;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.grade.Grader;
import dev.distill.eval.grade.JudgeGrader;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Harvester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The recipe's judge ({@code verify.judge}) on an evaluation's answers. All that is to be asked about the answers to a task is harvested at once, with one
 * ledger for all tasks, so that each judgement is bought once, within one budget.
 */
final class AnswerJudge implements AutoCloseable {
    /** The folder of the evaluation's with the ledger. */
    static final String ACCOUNTS = "judge";

    /** The folder of a task's with what was replied about its answers. */
    private static final String JUDGED = "judged";

    private final Recipe recipe;
    private final JudgePart judge;
    private final RunFolder run;
    private final Supplier<Ops> ops;
    private final Pipeline.Listener listener;
    private final Stop stop;
    private @Nullable Asker asker;

    private AnswerJudge(
            Recipe recipe, JudgePart judge, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop) {
        this.recipe = recipe;
        this.judge = judge;
        this.run = run;
        this.ops = ops;
        this.listener = listener;
        this.stop = stop;
    }

    /** Empty where the recipe has none. */
    static Optional<AnswerJudge> of(
            Recipe recipe, RunFolder run, Supplier<Ops> ops, Pipeline.Listener listener, Stop stop) {
        return recipe.verify().judge().map(judge -> new AnswerJudge(recipe, judge, run, ops, listener, stop));
    }

    /**
     * Asks about these answers.
     *
     * @throws HarvestStage.UnfinishedException if the judge's budget or an interruption ended it
     */
    Grader grader(List<Answered> answered, Path folder) throws IOException {
        Map<String, Prompt> questions = new LinkedHashMap<>();
        JudgeGrader asking = new JudgeGrader(new Told(trace -> {
            Prompt question = JudgePrompt.of(trace);
            questions.putIfAbsent(question.id(), question);
            return Verdict.undecided(Correctness.JUDGE, "not asked yet");
        }));
        answered.forEach(one -> one.responses().forEach(response -> asking.grade(one.question(), response)));
        Map<String, Judgement> judgements =
                questions.isEmpty() ? Map.of() : ask(List.copyOf(questions.values()), folder.resolve(JUDGED));
        return new JudgeGrader(new Told(trace -> judgements
                .getOrDefault(JudgePrompt.of(trace).id(), Judgement.NONE)
                .verdict(judge.votes())));
    }

    private Map<String, Judgement> ask(List<Prompt> questions, Path folder) throws IOException {
        HarvestOutput output = new HarvestOutput(
                folder,
                accounts(),
                RunFolder.plan("judge", recipe.resolved().of(JudgePart.SECTION), List.of()),
                new DatasetCard(recipe.name() + ": judgements", "other", "What a judge said of a model's answers."),
                ShardSize.DEFAULT);
        Files.createDirectories(folder);
        Files.createDirectories(accounts());
        try (HarvestProgressFile told = new HarvestProgressFile(folder, listener.judging())) {
            Harvester harvester = asker().harvester(judge.harvest().asking(), output);
            stop.onStop(harvester::stop);
            HarvestResult harvest = harvester.run(questions, told);
            JudgeStage.requireDone(Optional.of(harvest), "eval");
        }
        return JudgeStage.judgements(folder, judge);
    }

    private Path accounts() {
        return run.eval().resolve(ACCOUNTS);
    }

    /** Opened when the first question is asked, for all tasks. */
    private Asker asker() throws IOException {
        Asker ready = asker;
        if (ready == null) {
            ready = Asker.of(Whom.judge(recipe, judge), run, accounts(), ops, listener, stop);
            asker = ready;
        }
        return ready;
    }

    @Override
    public void close() {
        if (asker != null) {
            asker.close();
        }
    }

    /** A verdict that follows from the texts. */
    private record Told(Function<Trace, Verdict> verdicts) implements Verifier {
        @Override
        public String name() {
            return Correctness.JUDGE;
        }

        @Override
        public Verdict verify(Trace trace) {
            return verdicts.apply(trace);
        }
    }
}

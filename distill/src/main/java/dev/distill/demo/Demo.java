package dev.distill.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.CurationReport;
import dev.distill.data.journal.AtomicFile;
import dev.distill.data.journal.OwnerLock;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.report.TaskScore;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.pipeline.CurateStage;
import dev.distill.pipeline.EvalPart;
import dev.distill.pipeline.EvalStage;
import dev.distill.pipeline.ExportStage;
import dev.distill.pipeline.HarvestStage;
import dev.distill.pipeline.Recipe;
import dev.distill.pipeline.RunFolder;
import dev.distill.pipeline.Stop;
import dev.distill.pipeline.TrainStage;
import dev.distill.respond.Student;
import dev.distill.respond.StudentResponder;
import dev.distill.student.ops.Ops;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.TeacherConfig;
import dev.distill.teacher.embedded.problem.Problems;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.TrainResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Problems, a teacher, a harvest, a curation, a student and its twin, their scores, an export, a report. Killed at any
 * moment and started again with the same folder, it goes on where it was and comes to the same numbers.
 */
public final class Demo {
    private static final String TEACHER_LOG = "teacher.jsonl";
    private static final String PROMPTS = "prompts.jsonl";
    private static final String HELD_OUT = "held-out.jsonl";
    private static final String TARIFFS = "tariffs.yaml";

    /** In place of the teacher's, before it has one. */
    private static final String ANY_ADDRESS = "http://127.0.0.1";

    private final DemoSettings settings;
    private final RunFolder run;
    private final DemoListener listener;
    private final Stop stop;

    public Demo(DemoSettings settings, DemoListener listener, Stop stop) {
        this.settings = settings;
        this.run = new RunFolder(settings.folder());
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * Does all of it.
     *
     * @throws dev.distill.pipeline.RecipeException before anything is written, if an option does not fit the recipe
     */
    public DemoResult run(Ops ops) throws IOException {
        recipe(ANY_ADDRESS);
        try (OwnerLock _ = run.take()) {
            return runAlone(ops);
        }
    }

    private DemoResult runAlone(Ops ops) throws IOException {
        long begin = System.nanoTime();
        Problems problems = new Problems(settings.seed(), settings.difficulty());
        List<Prompt> heldOut = problems.heldOut(settings.heldOut());
        write(PROMPTS, problems.training(settings.prompts()));
        write(HELD_OUT, heldOut);
        writeTariff();

        listener.part("Harvest");
        Path teacherLog = run.root().resolve(TEACHER_LOG);
        TeacherConfig teacher = TeacherConfig.of(settings.seed(), teacherLog)
                .withHeldOut(heldOut.stream().map(Prompt::question).toList());
        Recipe recipe;
        HarvestResult harvest;
        try (EmbeddedTeacher server = EmbeddedTeacher.start(teacher)) {
            recipe = recipe(server.uri().toString());
            AtomicFile.write(
                    run.root().resolve("resolved.yaml"), recipe.resolved().yaml());
            harvest = HarvestStage.run(recipe, run, () -> ops, listener, stop);
        }
        HarvestStage.requireDone(harvest);

        listener.part("Curate");
        CurationReport curation = CurateStage.run(recipe, run, listener.curation(), stop);
        List<FaultAccount> faults = FaultAccount.of(run, teacherLog);

        listener.part("Train the student");
        TrainStage student = new TrainStage(recipe, ops, Objective.REASONING);
        TrainResult training = student.run(run.curate(), run.train(), listener.training(), stop);
        listener.part("Train its twin, on the answers alone");
        Path twinFolder = run.root().resolve("twin");
        TrainStage twin = new TrainStage(recipe, ops, Objective.ANSWER);
        TrainResult twinTraining = twin.run(run.curate(), twinFolder, listener.training(), stop);

        EvalPart greedy = recipe.eval().orElseThrow();
        EvalPart eight = greedy.with(
                new Decoding(8, 0.7, 1, 0, greedy.sampling().maxNewTokens().orElseThrow(), settings.seed()));
        TaskScore before;
        try (Student untrained = student.untrained(run.train())) {
            listener.part("Evaluate the student before training");
            before = score(untrained, true, greedy, "before");
        }
        TaskScore after;
        TaskScore majority;
        try (Student trained = student.trained(run.train())) {
            listener.part("Evaluate the student");
            after = score(trained, true, greedy, "after");
            listener.part("Evaluate the majority of the student's "
                    + eight.sampling().samples().orElseThrow() + " answers");
            majority = score(trained, true, eight, "majority");
        }
        TaskScore twinScore;
        try (Student trained = twin.trained(twinFolder)) {
            listener.part("Evaluate the twin");
            twinScore = score(trained, false, greedy, "twin");
        }

        listener.part("Export");
        ExportStage.Exported export = ExportStage.run(recipe, run, ops, facts(before, after, twinScore));
        Path report = run.root().resolve("report.html");
        DemoResult result = new DemoResult(
                harvest,
                curation,
                faults,
                training,
                twinTraining,
                before,
                after,
                majority,
                twinScore,
                export,
                Samples.of(heldOut, run.eval().resolve("after"), settings.seed()),
                report,
                (System.nanoTime() - begin) / 1e9);
        AtomicFile.write(report, ReportPage.of(result));
        return result;
    }

    private TaskScore score(Student student, boolean reasoning, EvalPart part, String name) throws IOException {
        StudentResponder responder = new StudentResponder(student, reasoning, part.slots(), stop);
        return EvalStage.score(
                        part, responder, run.eval().resolve(name), EvalStage.stopping(listener.evaluation(), stop))
                .getFirst();
    }

    /** @param url of the teacher */
    private Recipe recipe(String url) throws IOException {
        Map<String, String> options = new LinkedHashMap<>(settings.options());
        options.put("teacher.url", url);
        options.put("teacher.tariff", file(TARIFFS));
        options.put("prompts.files", file(PROMPTS));
        options.put("curate.held-out", file(HELD_OUT));
        options.put("eval.tasks", file(HELD_OUT));
        return Recipe.readResource(settings.recipe(), options);
    }

    private String file(String name) {
        return run.root().resolve(name).toAbsolutePath().toString();
    }

    private static SequencedMap<String, String> facts(TaskScore before, TaskScore after, TaskScore twin) {
        SequencedMap<String, String> facts = new LinkedHashMap<>();
        facts.put("Score before", percent(before));
        facts.put("Score", percent(after) + " of " + after.questions() + " held-out problems, greedy");
        facts.put("Score of the twin on answers alone", percent(twin));
        return facts;
    }

    private static String percent(TaskScore score) {
        return "%.1f %%".formatted(100 * score.passAt1().value());
    }

    /** What the embedded teacher would charge, were it DeepSeek's reasoner of 2025: it has a name of its own. */
    private void writeTariff() throws IOException {
        AtomicFile.write(run.root().resolve(TARIFFS), """
                # What DeepSeek took for a million tokens of deepseek-reasoner in 2025.
                tariffs:
                  - model: %s
                    since: 2025-01-20
                    source: as deepseek-reasoner
                    currency: USD
                    cache_hit: 0.14
                    cache_miss: 0.55
                    output: 2.19
                """.formatted(EmbeddedTeacher.MODEL));
    }

    /** One line a prompt, as any user's file would hold them. */
    private void write(String name, List<Prompt> prompts) throws IOException {
        ObjectMapper json = new ObjectMapper();
        AtomicFile.write(run.root().resolve(name), out -> {
            for (Prompt prompt : prompts) {
                ObjectNode line = json.createObjectNode()
                        .put("question", prompt.question())
                        .put("reference", prompt.reference());
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }
}

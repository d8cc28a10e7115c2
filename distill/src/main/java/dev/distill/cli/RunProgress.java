package dev.distill.cli;

import dev.distill.demo.DemoListener;
import dev.distill.eval.metric.Interval;
import dev.distill.hub.HubListener;
import dev.distill.pipeline.EvalStage;
import dev.distill.pipeline.Pipeline;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Progress of the stages of a run, one progress line after the other. */
final class RunProgress implements DemoListener, AutoCloseable {
    private final Console console;
    private final FetchProgress fetching;
    private final HarvestDisplay harvest;
    private final HarvestDisplay judge;
    private final HarvestDisplay answers;
    private @Nullable Progress open;
    private String openName = "";

    RunProgress(Console console) {
        this.console = console;
        this.fetching = new FetchProgress(console);
        this.harvest = new HarvestDisplay(console, HarvestView.Words.HARVEST, System::nanoTime);
        this.answers = new HarvestDisplay(console, HarvestView.Words.ANSWERS, System::nanoTime);
        this.judge = new HarvestDisplay(console, HarvestView.Words.JUDGE, System::nanoTime);
    }

    @Override
    public void part(String title) {
        close();
        console.info("== " + title);
    }

    @Override
    public void stage(Pipeline.Stage stage) {
        part(stage.name().toLowerCase(Locale.ROOT));
    }

    /** A new line, for work of which an earlier start has done so much; the one before it is over. */
    private Progress begin(String name, long total, long earlier) {
        close();
        Progress line = console.progress(name, total);
        line.startAt(earlier);
        open = line;
        openName = name;
        return line;
    }

    /** The line of this work; a new one where it does not stand, for what is done by now was done before. */
    private Progress line(String name, long total, long done) {
        @Nullable Progress current = open;
        return current != null && openName.equals(name) ? current : begin(name, total, done);
    }

    @Override
    public HarvestListener harvest() {
        close();
        return harvest;
    }

    @Override
    public LongConsumer verification() {
        return count -> line("verify", 0, 0).update(count);
    }

    @Override
    public HarvestListener judging() {
        close();
        return judge;
    }

    @Override
    public LongConsumer curation() {
        return count -> line("curate", 0, 0).update(count);
    }

    @Override
    public TrainListener training() {
        return new TrainListener() {
            private double validationLoss = Double.NaN;
            private String score = "";
            private int steps;
            private long tokens;
            private double seconds;

            /** Of this process, validation, samples and checkpoints left out; nothing before the first step. */
            private String rate(StepReport report) {
                tokens += report.tokens();
                seconds += report.seconds();
                return tokens == 0 || seconds <= 0
                        ? ""
                        : String.format(Locale.ROOT, ", %,.0f tokens/s", tokens / seconds);
            }

            @Override
            public void step(StepReport report) {
                validationLoss = Double.isFinite(report.validationLoss()) ? report.validationLoss() : validationLoss;
                if (report.learning().score().isThere()) {
                    Interval share = report.learning().score().passAt1();
                    score = ", score %.1f %% (%.1f to %.1f)"
                            .formatted(100 * share.value(), 100 * share.low(), 100 * share.high());
                }
                String validation = Double.isNaN(validationLoss) ? "" : ", validation %.3f".formatted(validationLoss);
                String rate = rate(report);
                String loss = Double.isNaN(report.loss())
                        ? ""
                        : "loss %.3f".formatted(report.loss()) + validation + score + rate;
                line("train", steps, 0).update(report.step(), loss);
            }

            @Override
            public void teacherReads(int done, int samples) {
                line("teacher", samples, done).update(done);
            }

            @Override
            public void begin(int done, int total) {
                steps = total;
                RunProgress.this.begin("train", total, done);
                if (done > 0) {
                    console.info("going on after step " + done);
                }
            }
        };
    }

    @Override
    public HubListener fetching() {
        return fetching;
    }

    @Override
    public EvalStage.Progress evaluation() {
        return new EvalStage.Progress() {
            @Override
            public void begin(String task, int earlier, int all) {
                RunProgress.this.begin(name(task), all, earlier);
            }

            @Override
            public void responses(String task, int done, int all) {
                line(name(task), all, done).update(done);
            }

            private static String name(String task) {
                return "evaluate " + task;
            }
        };
    }

    @Override
    public HarvestListener answering() {
        close();
        return answers;
    }

    @Override
    public void close() {
        fetching.close();
        harvest.close();
        judge.close();
        answers.close();
        if (open != null) {
            open.done();
            open = null;
        }
    }
}

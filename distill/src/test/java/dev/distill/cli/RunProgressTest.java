package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Money;
import dev.distill.pipeline.EvalStage;
import dev.distill.teacher.harvest.Bought;
import dev.distill.teacher.harvest.Forecast;
import dev.distill.teacher.harvest.HarvestProgress;
import dev.distill.train.Exam;
import dev.distill.train.Resident;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import dev.distill.train.Validation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a run says of how far it is where stderr is not a terminal: the last state of each line, for all is over at once. */
class RunProgressTest {
    private final StringWriter err = new StringWriter();
    private final Console console = new Console(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            Terminal.NONE,
            new Console.Style(false, false, false, false));

    private List<String> lines() {
        return err.toString().lines().toList();
    }

    @Test
    void eachEvaluationOfATaskHasALineAndATotalOfItsOwn() {
        try (RunProgress progress = new RunProgress(console)) {
            EvalStage.Progress evaluation = progress.evaluation();
            evaluation.begin("held-out", 0, 300);
            evaluation.responses("held-out", 300, 300);
            evaluation.begin("held-out", 0, 2400); // eight answers to each question
            evaluation.responses("held-out", 2400, 2400);
        }
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).startsWith("evaluate held-out  300/300  100 %");
        assertThat(lines().get(1)).startsWith("evaluate held-out  2400/2400  100 %");
    }

    @Test
    void whatAnEarlierStartHasDoneIsNotRate() {
        try (RunProgress progress = new RunProgress(console)) {
            progress.evaluation().begin("held-out", 1500, 2400);
            Money spent = new Money(new BigDecimal("1.65"), "USD");
            progress.harvest()
                    .progress(new HarvestProgress(
                            22_000,
                            5_940,
                            new TreeMap<>(Map.of("refused", 6)),
                            OptionalInt.empty(),
                            new HarvestProgress.Requests(0, 64, 0),
                            new Bought(5_940, 1_000, Bought.CacheUse.NONE, spent, new TreeMap<>(), new TreeMap<>()),
                            Optional.empty(),
                            Forecast.NONE));
            progress.training().begin(2_000, 12_000);
        }
        assertThat(lines())
                .containsExactly(
                        "evaluate held-out  1500/2400  62 %  in 0 s",
                        "harvest  5946/22000  27 %  in 0 s  5940 completed  6 failed: 6 refused  0 retries  1.65 USD spent",
                        "going on after step 2000",
                        "train  2000/12000  16 %  in 0 s");
    }

    /** Two steps of 100 and 300 tokens in a quarter of a second each: 800 a second. */
    @Test
    void aTrainingTellsItsLossAndItsRate() {
        try (RunProgress progress = new RunProgress(console)) {
            TrainListener training = progress.training();
            training.begin(0, 4);
            training.step(step(0, Double.NaN, 0));
            training.step(step(1, 2.5, 100));
            training.step(step(2, 1.5, 300));
        }
        assertThat(lines()).hasSize(1);
        assertThat(lines().getFirst())
                .startsWith("train  2/4  50 %")
                .contains(" left  ")
                .endsWith("  loss 1.500, validation 3.000, 800 tokens/s");
    }

    private static StepReport step(int step, double loss, long tokens) {
        return new StepReport(
                step,
                new StepReport.Learning(
                        loss,
                        StepReport.Teaching.NONE,
                        1,
                        1e-3,
                        tokens,
                        tokens,
                        0,
                        Validation.Losses.of(step == 0 ? 3 : Double.NaN),
                        Exam.Score.NONE),
                new StepReport.Cost(Instant.EPOCH, tokens == 0 ? 0 : 0.25, Resident.UNKNOWN, Double.NaN));
    }
}

package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Money;
import dev.distill.pipeline.HarvestStage.UnfinishedException;
import dev.distill.teacher.harvest.Ending;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Unanswered;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which harvests later stages may build on, and what is said of the others. */
class HarvestStageTest {
    private static final Money ONE = new Money(BigDecimal.ONE, "USD");

    private static final EvalStage.Progress UNHEARD = new EvalStage.Progress() {
        @Override
        public void begin(String task, int earlier, int all) {}

        @Override
        public void responses(String task, int done, int all) {}
    };

    private static HarvestResult result(Ending ending, int completed, Map<String, Integer> failed) {
        return new HarvestResult(
                ending,
                4,
                completed,
                new TreeMap<>(failed),
                4,
                0,
                ONE,
                Money.zero("USD"),
                new Unanswered(0, Money.zero("USD")),
                new TreeMap<>(),
                List.of());
    }

    @Test
    void aHarvestWithSomeTracesIsDoneAlsoWhereSomeFailed() {
        HarvestResult some = result(new Ending.Done(), 3, Map.of("overloaded", 1));
        HarvestStage.requireDone(some);
        assertThat(HarvestStage.shortfall(some)).isEmpty();
    }

    @Test
    void aHarvestWithoutAnyAnswerIsNot() {
        assertThatThrownBy(() -> HarvestStage.requireDone(result(new Ending.Done(), 0, Map.of("unreachable", 4))))
                .isInstanceOf(UnfinishedException.class)
                .hasMessageContainingAll(
                        "none of 4", "unreachable=4", "teacher.url", "except for what was refused or too large");
    }

    @Test
    void theOthersSayWhatIsSavedAndHowToGoOn() {
        assertThatThrownBy(() -> HarvestStage.requireDone(result(new Ending.BudgetReached(ONE, ONE), 2, Map.of())))
                .hasMessageContainingAll("left of 1 USD", "2 of 4 traces are saved", "Raise harvest.budget");
        assertThatThrownBy(() -> HarvestStage.requireDone(result(new Ending.Interrupted(), 2, Map.of())))
                .hasMessageContainingAll("2 of 4", "goes on from there");
    }

    @Test
    void anEvaluationStopsAfterTheAnswerThatIsSaved() {
        Stop stop = new Stop();
        EvalStage.Progress progress = EvalStage.stopping(UNHEARD, stop);
        progress.responses("test", 1, 4);
        stop.request();
        assertThatThrownBy(() -> progress.responses("test", 2, 4))
                .isInstanceOf(Stop.StoppedException.class)
                .hasMessageContainingAll("after 2 of 4 answers of task test", "goes on from there");
    }
}

package dev.distill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.pack.Packing;
import dev.distill.plan.Workload.Length;
import dev.distill.plan.Workload.Load;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkloadTest {
    private static Workload of(long samples, Length... lengths) {
        return new Workload(samples, List.of(lengths), 0, "a test");
    }

    private static Packing samples(int batch, int row) {
        return new Packing(row, new Packing.Count(batch), Packing.OverLong.DROP, 1);
    }

    /** Rows of two samples of 100 tokens, of which five make a step of 1,000; 4,000 samples are 400 such steps. */
    @Test
    void stepsOfTokensAreCountedByTheirTokens() {
        Packing packing = new Packing(250, new Packing.Tokens(1000, 4096), Packing.OverLong.DROP, 1);
        Workload workload = of(4000, new Length(100, 60), new Length(300, 200));
        Load load = workload.load(packing);
        assertThat(load.tokens()).isCloseTo(1000, within(1e-9));
        assertThat(load.rows()).isCloseTo(5, within(1e-9));
        // half of them are too long
        assertThat(workload.stepsOfAnEpoch(packing, 4000)).isEqualTo(200);
        assertThat(workload.stepsOfAnEpoch(samples(64, 250), 4000)).isEqualTo(63);
    }

    /** Four samples of 100 tokens, of which 60 are targets, in rows of 250: two to a row. */
    @Test
    void aStepIsPackedAsTrainingPacksIt() {
        Load load = of(400, new Length(100, 60)).load(samples(4, 250));
        assertThat(load).isEqualTo(new Load(400, 240, 4 * 100 * 100, 2, 4, 200, 0));
    }

    /** Of half the samples 300 tokens do not fit: the others alone make the steps, in the mean two of four. */
    @Test
    void whatIsLongerThanARowIsLeftOut() {
        Load load = of(4000, new Length(100, 60), new Length(300, 200)).load(samples(4, 250));
        assertThat(load.overLong()).isCloseTo(0.5, within(1e-9));
        assertThat(load.sequences()).isCloseTo(2, within(1e-9));
        assertThat(load.tokens()).isCloseTo(200, within(1e-9));
        assertThat(load.longestRow()).isLessThanOrEqualTo(250);
    }

    /**
     * Of 300 tokens, of which the last 200 are targets, two pieces of 250: to the 250th, and the last 250. With one of 100 beside each that is 300
     * tokens a sample in the mean.
     */
    @Test
    void whatIsSplitIsCountedInItsPieces() {
        Packing packing = new Packing(250, new Packing.Tokens(1000, 4096), Packing.OverLong.SPLIT, 1);
        Workload workload = of(4000, new Length(100, 60), new Length(300, 200));
        assertThat(workload.stepsOfAnEpoch(packing, 4000)).isEqualTo(1200);
        Workload all = of(4000, new Length(300, 200));
        Load load = all.load(new Packing(250, new Packing.Count(4), Packing.OverLong.SPLIT, 1));
        assertThat(load.tokens()).isCloseTo(4 * 500, within(1e-9));
        assertThat(load.targets()).isCloseTo(4 * 200, within(1e-9));
        assertThat(load.overLong()).isOne();
    }

    /** Training would refuse them; the figures are of those that it takes. */
    @Test
    void whatTrainingRefusesIsLeftOutOfTheFigures() {
        Packing packing = new Packing(250, new Packing.Count(4), Packing.OverLong.RAISE, 1);
        Load load = of(4000, new Length(100, 60), new Length(300, 200)).load(packing);
        assertThat(load.tokens()).isCloseTo(200, within(1e-9));
        assertThat(load.overLong()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void fewerSamplesThanAStepTakesAreOneStep() {
        assertThat(of(3, new Length(10, 4)).load(samples(64, 100)).tokens()).isEqualTo(30);
    }

    @Test
    void aRowThatNoSampleFitsIntoIsRefused() {
        assertThatThrownBy(() -> of(10, new Length(300, 1)).load(samples(2, 250)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of 10 samples fits into a row of 250 tokens");
    }

    @Test
    void tokensAreTheMeanTimesTheSamples() {
        assertThat(of(1000, new Length(10, 4), new Length(20, 4)).tokens()).isEqualTo(15_000);
    }
}

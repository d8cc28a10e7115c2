package dev.distill.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.Rope;
import dev.distill.student.ops.Compute;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.MuonSettings;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is measured depends on what will be trained, and how; how fast this machine is, no test knows. */
final class CalibrationTest {
    private static final LoraConfig LORA = new LoraConfig(4, 8, false, List.of(LoraConfig.ALL_LINEAR), 0);
    private static final Workload.Load LOAD = new Workload.Load(64, 32, 2048, 2, 2, 32, 0);

    /** Two blocks of 24,576 weights in linear layers each. */
    private static TrainingJob job(Trained trained, OptimizerSettings optimizer) {
        ModelConfig model = new ModelConfig(
                new Family.Qwen2(),
                300,
                64,
                2,
                new AttentionShape(4, 4, 16, true, false, false),
                128,
                Rope.of(10_000),
                1e-6,
                true,
                64,
                List.of());
        Computing computing = new Computing(Compute.FLOAT, DType.FLOAT, 2);
        return new TrainingJob(model, DType.FLOAT, trained, optimizer, computing, Decoder.Memory.KEEP);
    }

    private static Speed measured(TrainingJob job) throws IOException {
        Speed speed = Calibration.measure(job, LOAD);
        assertThat(speed.token()).isPositive().isLessThan(1);
        assertThat(speed.head()).isPositive().isLessThan(1);
        assertThat(speed.update()).isPositive().isLessThan(10);
        assertThat(speed.forward()).isBetween(0.0, 1.0);
        return speed;
    }

    /** Each row pays for the widening of all matrices, twice. */
    @Test
    void fourBitsAreWidenedForEachRow() throws IOException {
        assertThat(measured(job(new Trained.Adapter(LORA, true), AdamWSettings.DEFAULT))
                        .row())
                .isPositive();
    }

    @Test
    void allWeightsWithMuonHaveNothingToWiden() throws IOException {
        assertThat(measured(job(Trained.Weights.ALL, new MuonSettings(MuonSettings.MOMENTUM, AdamWSettings.DEFAULT)))
                        .row())
                .isZero();
    }

    @Test
    void anAdapterWithMomentsInEightBits() throws IOException {
        measured(
                job(new Trained.Adapter(LORA.withDora(true), false), new EightBitAdamWSettings(AdamWSettings.DEFAULT)));
    }
}

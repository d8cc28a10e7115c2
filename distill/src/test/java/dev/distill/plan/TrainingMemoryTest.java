package dev.distill.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PublishedShapes;
import dev.distill.student.ops.Compute;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The account of memory against what trainings took (docs/log.md, "what plan foretells"): peaks on two cores of a Xeon with AMX, of
 * {@code bench train}, which has no samples to read, and of {@code train}.
 */
final class TrainingMemoryTest {
    private static final long MIB = 1L << 20;
    private static final LoraConfig LORA = new LoraConfig(16, 32, false, List.of(LoraConfig.ALL_LINEAR), 0);

    private static TrainingJob job(String shape, boolean lora, Compute compute, DType floating) {
        return new TrainingJob(
                PublishedShapes.find(shape).orElseThrow(),
                DType.BFLOAT16,
                lora ? Optional.of(LORA) : Optional.empty(),
                new Computing(compute, floating, 2),
                Decoder.Memory.KEEP);
    }

    private static void within5PerCent(long bytes, long measuredMib) {
        double foretold = (double) bytes / MIB;
        assertThat(foretold / measuredMib)
                .as("%.0f of %d MiB", foretold, measuredMib)
                .isBetween(0.95, 1.05);
    }

    private static long inBench(TrainingJob job, int row) {
        return TrainingMemory.of(job, row, 0).total() - TrainingMemory.READING;
    }

    @Test
    void isWhatTrainingsTook() {
        within5PerCent(inBench(job("smollm2-135m", true, Compute.BFLOAT16, DType.BFLOAT16), 512), 795);
        within5PerCent(inBench(job("smollm2-135m", false, Compute.BFLOAT16, DType.BFLOAT16), 512), 2508);
        within5PerCent(inBench(job("smollm2-135m", false, Compute.BFLOAT16, DType.BFLOAT16), 1024), 2737);
        within5PerCent(
                inBench(
                        job("smollm2-135m", false, Compute.BFLOAT16, DType.BFLOAT16)
                                .recomputing(),
                        1024),
                2419);
        within5PerCent(inBench(job("smollm2-135m", false, Compute.FLOAT, DType.FLOAT), 1024), 3034);
        within5PerCent(inBench(job("qwen2.5-0.5b", true, Compute.BFLOAT16, DType.BFLOAT16), 512), 1774);
        within5PerCent(inBench(job("qwen2.5-0.5b", false, Compute.BFLOAT16, DType.BFLOAT16), 512), 8241);
        within5PerCent(inBench(job("qwen2.5-0.5b", true, Compute.INT8, DType.BFLOAT16), 1024), 2015);
    }

    /** The command, on 400 traces of GSM8K in rows of 1,024. */
    @Test
    void isWhatTheCommandTook() {
        TrainingJob lora = job("smollm2-135m", true, Compute.BFLOAT16, DType.BFLOAT16);
        within5PerCent(TrainingMemory.of(lora, 1024, MIB).total(), 1172);
        TrainingJob full = job("smollm2-135m", false, Compute.BFLOAT16, DType.BFLOAT16);
        within5PerCent(TrainingMemory.of(full, 1024, MIB).total(), 2899);
    }

    /** 134,515,008 weights: 4 bytes each for the weight and the gradient, 8 for the moments. */
    @Test
    void allWeightsTakeSixteenBytesEach() {
        TrainingMemory memory = TrainingMemory.of(job("smollm2-135m", false, Compute.BFLOAT16, DType.BFLOAT16), 512, 5);
        assertThat(memory.part("weights")).isEqualTo(4L * 134_515_008);
        assertThat(memory.part("gradients")).isEqualTo(4L * 134_515_008);
        assertThat(memory.part("moments")).isEqualTo(8L * 134_515_008);
        assertThat(memory.part("adapter")).isZero();
        assertThat(memory.part("data")).isEqualTo(5);
        assertThat(memory.least()).isEqualTo(memory.total());
    }

    /** The adapter of rank 16 has 4,884,480 weights (bench train says the same of this model); the frozen ones stay in their file. */
    @Test
    void anAdaptersWeightsAloneHaveGradients() {
        TrainingJob job = job("smollm2-135m", true, Compute.BFLOAT16, DType.BFLOAT16);
        TrainingMemory memory = TrainingMemory.of(job, 512, 0);
        assertThat(job.trainedWeights()).isEqualTo(4_884_480);
        assertThat(memory.part("gradients")).isEqualTo(4L * 4_884_480);
        // 61 norms of 576 are no matrices and copied to FLOAT
        long vectors = 61L * 576;
        assertThat(memory.mapped()).isEqualTo(2 * (134_515_008 - vectors));
        assertThat(memory.part("weights")).isEqualTo(memory.mapped() + 4 * vectors);
        assertThat(memory.least()).isLessThan(memory.total());
    }

    @Test
    void eightBitsAreACopyOfLinearLayersAndHead() {
        TrainingMemory memory = TrainingMemory.of(job("smollm2-135m", true, Compute.INT8, DType.BFLOAT16), 512, 0);
        long head = 49_152L * 576;
        assertThat(memory.mapped()).isEqualTo(2 * head); // tied: the embedding, and gradients of the head
        long linear = 134_515_008 - head - 61L * 576;
        assertThat(memory.part("weights")).isBetween(2 * head + linear + head, 2 * head + linear + head + (2 << 20));
    }

    @Test
    void theCuresComeInTheirOrderAndTheLastOneFits() {
        List<String> cures = cures(24L << 30);
        assertThat(cures).hasSize(3);
        assertThat(cures.get(0)).startsWith("train.activations: recompute: ").doesNotContain("fits");
        assertThat(cures.get(1)).startsWith("and train.row-tokens: 16384: ").doesNotContain("fits");
        assertThat(cures.get(2)).startsWith("and train.mode: lora (rank 16): ").endsWith("which fits");
        assertThat(cures(1L << 30).getLast()).startsWith("no setting here makes it fit");
    }

    /** For all weights of a model of 7.6 billion, at rows of 32,768. */
    private static List<String> cures(long limit) {
        TrainingJob job = job("qwen2.5-7b", false, Compute.BFLOAT16, DType.BFLOAT16);
        return Cures.of(
                job,
                32_768,
                5000,
                limit,
                (other, row) -> TrainingMemory.of(other, row, 0).least());
    }
}

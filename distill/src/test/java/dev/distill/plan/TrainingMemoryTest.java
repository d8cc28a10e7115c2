package dev.distill.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PublishedShapes;
import dev.distill.student.ops.Compute;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.MuonSettings;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The account of memory against what trainings took (docs/log.md, "what plan foretells"): peaks on two cores of a Xeon with AMX, of
 * {@code bench train}, which has no samples to read, and of {@code train}.
 */
final class TrainingMemoryTest {
    private static final long MIB = 1L << 20;
    private static final LoraConfig LORA = new LoraConfig(16, 32, false, List.of(LoraConfig.ALL_LINEAR), 0);

    private static final Trained FOUR_BITS = new Trained.Adapter(LORA, true);
    private static final AdamWSettings ADAMW = AdamWSettings.DEFAULT;
    private static final OptimizerSettings EIGHT_BITS = new EightBitAdamWSettings(ADAMW);
    private static final OptimizerSettings MUON = new MuonSettings(MuonSettings.MOMENTUM, ADAMW);

    private static TrainingJob job(String shape, boolean lora, Compute compute, DType floating) {
        return new TrainingJob(
                PublishedShapes.find(shape).orElseThrow(),
                DType.BFLOAT16,
                lora ? new Trained.Adapter(LORA, false) : Trained.Weights.ALL,
                ADAMW,
                new Computing(compute, floating, 2),
                Decoder.Memory.KEEP);
    }

    private static TrainingJob inHalves(String shape) {
        return job(shape, false, Compute.BFLOAT16, DType.BFLOAT16);
    }

    private static TrainingJob inFloats(String shape) {
        return job(shape, false, Compute.FLOAT, DType.FLOAT);
    }

    private static void within5PerCent(long bytes, long measuredMib) {
        double foretold = (double) bytes / MIB;
        assertThat(foretold / measuredMib)
                .as("%.0f of %d MiB", foretold, measuredMib)
                .isBetween(0.95, 1.05);
    }

    private static long inBench(TrainingJob job, int row) {
        return TrainingMemory.of(job, row, 0, 0).total() - TrainingMemory.READING;
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

    @Test
    void isWhatTrainingsInFewerBitsTook() {
        within5PerCent(inBench(inHalves("smollm2-135m").with(FOUR_BITS), 512), 661);
        within5PerCent(inBench(inFloats("smollm2-135m").with(FOUR_BITS), 1024), 1242);
        within5PerCent(inBench(inHalves("qwen2.5-0.5b").with(FOUR_BITS), 512), 1288);
        within5PerCent(inBench(inHalves("smollm2-135m").with(EIGHT_BITS), 512), 1747);
    }

    /** The command, on 400 traces of GSM8K in rows of 1,024. */
    @Test
    void isWhatTheCommandTook() {
        TrainingJob lora = job("smollm2-135m", true, Compute.BFLOAT16, DType.BFLOAT16);
        within5PerCent(TrainingMemory.of(lora, 1024, MIB, 0).total(), 1172);
        TrainingJob full = job("smollm2-135m", false, Compute.BFLOAT16, DType.BFLOAT16);
        within5PerCent(TrainingMemory.of(full, 1024, MIB, 0).total(), 2899);
    }

    /** 134,515,008 weights: 4 bytes each for the weight and the gradient, 8 for the moments. */
    @Test
    void allWeightsTakeSixteenBytesEach() {
        TrainingMemory memory = TrainingMemory.of(inHalves("smollm2-135m"), 512, 5, 0);
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
        TrainingMemory memory = TrainingMemory.of(job, 512, 0, 0);
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
        TrainingMemory memory = TrainingMemory.of(job("smollm2-135m", true, Compute.INT8, DType.BFLOAT16), 512, 0, 0);
        long head = 49_152L * 576;
        assertThat(memory.mapped()).isEqualTo(2 * head); // tied: the embedding, and gradients of the head
        long linear = 134_515_008 - head - 61L * 576;
        assertThat(memory.part("weights")).isBetween(2 * head + linear + head, 2 * head + linear + head + (2 << 20));
    }

    /**
     * The codes of SmolLM2's 30 blocks, a byte and a 64th of a scale's for two numbers, and the largest matrix in BFLOAT16: 0.5 + 1/64 bytes, with a scale
     * of a scale for each 16,384, and a mean for each matrix.
     */
    @Test
    void fourBitsAreCodesScalesAndOneWidenedMatrix() {
        TrainingMemory memory = TrainingMemory.of(inHalves("smollm2-135m").with(FOUR_BITS), 512, 0, 0);
        long head = 49_152L * 576;
        long vectors = 61L * 576;
        long linear = 134_515_008 - head - vectors;
        assertThat(memory.mapped()).isEqualTo(2 * head);
        double codes = memory.part("weights") - 2 * head - 4 * vectors - 2 * 1536 * 576;
        assertThat(codes / linear).isBetween(0.5 + 1 / 64.0, 0.5 + 1 / 64.0 + 0.0005);
    }

    /** Two bytes and a 128th for each weight of a matrix, with scales of 256; FLOAT for the 61 norms. */
    @Test
    void momentsInEightBitsTakeAQuarter() {
        TrainingMemory memory = TrainingMemory.of(inHalves("smollm2-135m").with(EIGHT_BITS), 512, 0, 0);
        long vectors = 61L * 576;
        assertThat(memory.part("moments")).isEqualTo((134_515_008 - vectors) * (2 * 256 + 2 * 4) / 256 + 8 * vectors);
    }

    /** One mean for the blocks' matrices; for the largest, in BFLOAT16, three matrices of FLOAT and two of its smaller side's square while it is updated. */
    @Test
    void muonHasOneMean() {
        TrainingMemory memory = TrainingMemory.of(inHalves("smollm2-135m").with(MUON), 512, 0, 0);
        long head = 49_152L * 576;
        long vectors = 61L * 576;
        long linear = 134_515_008 - head - vectors;
        assertThat(memory.part("moments"))
                .isEqualTo(4 * linear + 8 * (head + vectors) + 4 * (3L * 1536 * 576 + 2L * 576 * 576));
    }

    /** Frozen weights of a full training stay in their file, and have neither gradient nor moments. */
    @Test
    void whatIsFrozenIsNotTrained() {
        Trained but = new Trained.Weights(Set.of("model.embed_tokens.weight"));
        TrainingMemory memory = TrainingMemory.of(inHalves("smollm2-135m").with(but), 512, 0, 0);
        long head = 49_152L * 576;
        assertThat(memory.mapped()).isEqualTo(2 * head);
        assertThat(memory.part("gradients")).isEqualTo(4 * (134_515_008 - head));
        assertThat(memory.part("moments")).isEqualTo(8 * (134_515_008 - head));
    }

    /** Twelve bytes a trained weight where that is a quarter of the machine's memory at most. */
    @Test
    void theCopyOfACheckpointIsMadeWhereThereIsRoom() {
        TrainingJob job = inHalves("smollm2-135m");
        long copy = 12L * 134_515_008;
        assertThat(TrainingMemory.of(job, 512, 0, 4 * copy).part("checkpoint")).isEqualTo(copy);
        assertThat(TrainingMemory.of(job, 512, 0, 4 * copy - 4).part("checkpoint"))
                .isZero();
    }

    @Test
    void theCuresComeInTheirOrderAndTheLastOneFits() {
        List<String> cures = cures(24L << 30);
        assertThat(cures).hasSize(4);
        assertThat(cures.get(0)).startsWith("train.activations: recompute: ").doesNotContain("fits");
        assertThat(cures.get(1)).startsWith("and train.row-tokens: 16384: ").doesNotContain("fits");
        assertThat(cures.get(2)).startsWith("and train.optimizer: adamw-8bit: ").doesNotContain("fits");
        assertThat(cures.get(3)).startsWith("and train.mode: lora (rank 16): ").endsWith("which fits");
        List<String> less = cures(1L << 30);
        assertThat(less.get(4)).startsWith("and train.mode: qlora: ");
        assertThat(less.getLast()).startsWith("no setting here makes it fit");
    }

    /** For all weights of a model of 7.6 billion, at rows of 32,768. */
    private static List<String> cures(long limit) {
        TrainingJob job = job("qwen2.5-7b", false, Compute.BFLOAT16, DType.BFLOAT16);
        return Cures.of(
                job,
                32_768,
                5000,
                limit,
                (other, row) -> TrainingMemory.of(other, row, 0, 0).least());
    }
}

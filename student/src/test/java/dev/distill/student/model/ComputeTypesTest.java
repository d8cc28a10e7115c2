package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.ProjectionWrapper;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole models in the coarser types: they learn what FLOAT learns, from the weights that FLOAT trains. */
final class ComputeTypesTest {
    private static final int STEPS = 12;
    private static final AdamWSettings ADAMW = new AdamWSettings(0.9, 0.95, 1e-8, 0, 1);

    @BeforeEach
    void needsOneDnn() {
        assumeThat(NativeChoice.hasEightBitProducts())
                .as("a processor with VNNI and a build of ND4J with oneDNN")
                .isTrue();
    }

    /** What is trained. */
    private enum Trained {
        ALL,
        LORA,
        DORA,
        /** A LoRA with copies of embedding, head and norms. */
        SAVED
    }

    private static double[] losses(Compute compute, DType floating, Trained what) throws IOException {
        try (Ops ops = new CpuOps(2, compute, floating);
                ModelWeights source = TinyModels.weights(TinyModels.QWEN3, 5);
                ModelWeights frozen = ModelWeights.load(TinyModels.QWEN3, source, ops, ModelWeights.Use.FROZEN);
                ModelWeights trained = ModelWeights.load(TinyModels.QWEN3, source, ops, ModelWeights.Use.TRAINED);
                Lora lora = Lora.create(adapter(what), frozen, ops);
                Decoder model = what != Trained.ALL
                        ? new Decoder(ops, frozen, lora, Decoder.Memory.RECOMPUTE)
                        : new Decoder(ops, trained, ProjectionWrapper.NONE, Decoder.Memory.KEEP);
                Optimizer optimizer = new Optimizer(ops, model.trained(), ADAMW)) {
            TrainStep step = new TrainStep(model, optimizer);
            PackedRow row = TinyModels.row(9, 13, 20);
            double[] losses = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                TrainStep.Result result = step.run(List.of(row), 0.02);
                losses[i] = result.loss().sum() / result.loss().count();
            }
            return losses;
        }
    }

    private static LoraConfig adapter(Trained what) {
        List<String> saved = what == Trained.SAVED ? List.of("embed_tokens", "lm_head", "norm") : List.of();
        return new LoraConfig(2, 4, false, List.of("all-linear"), 3)
                .withDora(what == Trained.DORA)
                .withSaved(new LoraConfig.Saved(saved, false));
    }

    /** How far each type may be off is stated here: a share of the loss at the start, and of what it falls by. */
    @ParameterizedTest
    @CsvSource({
        "BFLOAT16, BFLOAT16, ALL, 0.01, 0.05",
        "BFLOAT16, BFLOAT16, LORA, 0.01, 0.05",
        "BFLOAT16, BFLOAT16, DORA, 0.01, 0.05",
        "BFLOAT16, BFLOAT16, SAVED, 0.01, 0.05",
        "INT8, BFLOAT16, SAVED, 0.03, 0.10",
        "INT8, FLOAT, ALL, 0.03, 0.10",
        "INT8, BFLOAT16, LORA, 0.03, 0.10",
        "INT8, BFLOAT16, DORA, 0.03, 0.10"
    })
    void learnsWhatFloatLearns(Compute compute, DType floating, Trained what, double start, double fall)
            throws IOException {
        double[] expected = losses(Compute.FLOAT, DType.FLOAT, what);
        double[] actual = losses(compute, floating, what);
        assertThat(actual[0]).isCloseTo(expected[0], within(start * expected[0]));
        assertThat(actual).isNotEqualTo(expected); // it is another arithmetic
        double learnt = expected[0] - expected[STEPS - 1];
        assertThat(learnt).isGreaterThan(0.3);
        assertThat(actual[0] - actual[STEPS - 1]).isCloseTo(learnt, within(fall * learnt));
    }

    @ParameterizedTest
    @CsvSource({"BFLOAT16, BFLOAT16", "INT8, BFLOAT16"})
    void theSameRunGivesTheSameBits(Compute compute, DType floating) throws IOException {
        for (Trained what : Trained.values()) {
            assertThat(losses(compute, floating, what)).isEqualTo(losses(compute, floating, what));
        }
    }

    /** The state passes through a checkpoint's binary32. */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, BFLOAT16", "INT8, BFLOAT16", "INT8, FLOAT"})
    void goesOnFromItsStateWithTheSameBits(Compute compute, DType floating) throws IOException {
        try (Ops ops = new CpuOps(2, compute, floating);
                ModelWeights source = TinyModels.weights(TinyModels.QWEN3, 5);
                ModelWeights weights = ModelWeights.load(TinyModels.QWEN3, source, ops, ModelWeights.Use.TRAINED);
                Decoder model = new Decoder(ops, weights);
                Optimizer optimizer = new Optimizer(ops, model.trained(), ADAMW);
                ModelWeights otherWeights = TinyModels.weights(TinyModels.QWEN3, 6);
                Decoder otherModel = new Decoder(ops, otherWeights);
                Optimizer resumed = new Optimizer(ops, otherModel.trained(), ADAMW);
                Arena arena = Arena.ofConfined()) {
            run(model, optimizer, 4);
            optimizer
                    .state()
                    .forEach((name, tensor) -> Objects.requireNonNull(
                                    resumed.state().get(name), name)
                            .setFloats(floats(tensor, arena)));
            resumed.resumeAt(optimizer.updates());
            assertThat(run(otherModel, resumed, 3)).isEqualTo(run(model, optimizer, 3));
        }
    }

    private static MemorySegment floats(Tensor tensor, Arena arena) {
        MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, tensor.size());
        for (long i = 0; i < tensor.size(); i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, tensor.get(i));
        }
        return floats;
    }

    private static List<TrainStep.Result> run(Decoder model, Optimizer optimizer, int steps) {
        TrainStep step = new TrainStep(model, optimizer);
        return IntStream.range(0, steps)
                .mapToObj(i -> step.run(List.of(TinyModels.row(9 + i, 13, 20)), 0.02))
                .toList();
    }
}

package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.layer.Parameter;
import dev.distill.student.model.ModelWeights.Use;
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
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** QLoRA: an adapter on a base in NF4. */
final class FourBitModelTest {
    private static final Ops OPS = TestOps.open();
    private static final ModelConfig CONFIG = TinyModels.QWEN3;
    private static final LoraConfig ADAPTER = new LoraConfig(2, 4, false, List.of(LoraConfig.ALL_LINEAR), 3);
    private static final String QUERIES = "model.layers.0.self_attn.q_proj";
    private static final double STEP = 1e-5;
    private static final long SEED = 20261129;

    @AfterAll
    static void close() {
        OPS.close();
    }

    /** The base's numbers after rounding, in FLOAT. */
    private record Widened(ModelWeights weights) implements WeightSource {
        @Override
        public Set<String> names() {
            return weights.names();
        }

        @Override
        public Tensor get(String name) {
            Tensor value = weights.get(name);
            Tensor copy = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, value.shape());
            OPS.copy(copy, value);
            return copy;
        }
    }

    @Test
    void computesWhatItsWidenedNumbersDo() throws IOException {
        try (ModelWeights source = TinyModels.weights(CONFIG, SEED);
                ModelWeights four = ModelWeights.load(CONFIG, source, OPS, Use.FOUR_BITS);
                ModelWeights widened = ModelWeights.load(CONFIG, new Widened(four), OPS, Use.FROZEN);
                Decoder model = new Decoder(OPS, four);
                Decoder expected = new Decoder(OPS, widened);
                Decoder exact = new Decoder(OPS, source)) {
            assertThat(four.get(QUERIES + ".weight").type()).isEqualTo(DType.NF4);
            assertThat(four.get(ModelConfig.EMBEDDING).type()).isEqualTo(DType.FLOAT);
            assertThat(four.get("lm_head.weight").type()).isEqualTo(DType.FLOAT);
            PackedRow row = TinyModels.row(SEED, 9, 13);
            double loss = model.loss(row).mean();
            assertThat(loss).isEqualTo(expected.loss(row).mean());
            assertThat(loss).isNotEqualTo(exact.loss(row).mean());
            assertThat(loss).isCloseTo(exact.loss(row).mean(), within(0.3)); // rounded, and not scrambled
        }
    }

    /** Both factors of one layer, and with the first block's those through which the gradient comes down to it. */
    @Test
    void anAdaptersGradientIsTheSlopeOfTheWidenedModel() throws IOException {
        PackedRow row = TinyModels.row(SEED, 5, 4);
        float dloss = 1f / row.targets();
        try (ModelWeights source = TinyModels.weights(CONFIG, SEED);
                ModelWeights four = ModelWeights.load(CONFIG, source, OPS, Use.FOUR_BITS);
                Lora lora = Lora.create(ADAPTER, CONFIG);
                Decoder model = new Decoder(OPS, four, lora, Decoder.Memory.KEEP)) {
            lora.parameters().forEach(parameter -> TinyModels.randomise(parameter.value(), SEED));
            Parameter a_RI = factor(lora, "lora_A");
            Parameter b_OR = factor(lora, "lora_B");
            try (ModelWeights merged = ModelWeights.load(CONFIG, lora.merged(four, OPS), OPS, Use.FROZEN)) {
                ReferenceDecoder reference = new ReferenceDecoder(merged);
                double loss = model.forwardBackward(row, dloss).sum();
                assertThat(loss).isCloseTo(reference.lossSum(row), within(2e-5));
                double[] w_OI = reference.weight(QUERIES + ".weight");
                int inputs = a_RI.value().dim(1);
                int rank = a_RI.value().dim(0);
                for (int r = 0; r < rank; r++) {
                    for (int i = 0; i < inputs; i++) { // W = .. + scaling B A: a change of A[r, i] is one of W[:, i]
                        double[] change = new double[w_OI.length];
                        for (int o = 0; o < b_OR.value().dim(0); o++) {
                            change[o * inputs + i] =
                                    ADAPTER.scaling() * b_OR.value().get((long) o * rank + r);
                        }
                        assertSlope(a_RI, r * inputs + i, slope(reference, w_OI, change, row) * dloss);
                    }
                    for (int o = 0; o < b_OR.value().dim(0); o++) { // and one of B[o, r] of W[o, :]
                        double[] change = new double[w_OI.length];
                        for (int i = 0; i < inputs; i++) {
                            change[o * inputs + i] =
                                    ADAPTER.scaling() * a_RI.value().get((long) r * inputs + i);
                        }
                        assertSlope(b_OR, o * rank + r, slope(reference, w_OI, change, row) * dloss);
                    }
                }
            }
        }
    }

    private static Parameter factor(Lora lora, String which) {
        return lora.parameters().stream()
                .filter(parameter -> parameter.name().contains(QUERIES + "." + which))
                .findFirst()
                .orElseThrow();
    }

    private static double slope(ReferenceDecoder reference, double[] weight, double[] change, PackedRow row) {
        double[] there = weight.clone();
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < weight.length; i++) {
                weight[i] = there[i] + (side == 0 ? STEP : -STEP) * change[i];
            }
            losses[side] = reference.lossSum(row);
        }
        System.arraycopy(there, 0, weight, 0, there.length);
        return (losses[0] - losses[1]) / (2 * STEP);
    }

    private static void assertSlope(Parameter factor, int index, double slope) {
        double gradient = Objects.requireNonNull(factor.gradient()).get(index);
        assertThat(gradient)
                .as("%s[%d], seed %d", factor.name(), index, SEED)
                .isCloseTo(slope, within(1e-5 * Math.max(1, Math.abs(slope))));
    }

    /** Learns one row by heart, and merged away it still knows it. */
    @ParameterizedTest
    @EnumSource(
            value = Compute.class,
            names = {"FLOAT", "BFLOAT16"})
    void anAdapterTrainsOnFourBits(Compute compute) throws IOException {
        assumeTrue(compute == Compute.FLOAT || NativeChoice.hasHalfProducts(), "products of BFLOAT16 are needed");
        try (Ops ops = new CpuOps(2, compute);
                ModelWeights source = TinyModels.weights(CONFIG, SEED);
                ModelWeights four = ModelWeights.load(CONFIG, source, ops, Use.FOUR_BITS);
                Lora lora = Lora.create(ADAPTER, CONFIG);
                Decoder model = new Decoder(ops, four, lora, Decoder.Memory.RECOMPUTE);
                Optimizer optimizer = new Optimizer(ops, model.trained(), AdamWSettings.DEFAULT)) {
            assertThat(model.trained()).hasSameElementsAs(lora.parameters());
            PackedRow row = TinyModels.row(9, 13, 20);
            TrainStep step = new TrainStep(model, optimizer);
            double before = model.loss(row).mean();
            for (int i = 0; i < 12; i++) {
                step.run(List.of(row), 0.02);
            }
            double after = model.loss(row).mean();
            assertThat(before - after).isGreaterThan(0.3);
            try (ModelWeights merged = ModelWeights.load(CONFIG, lora.merged(four, ops), ops, Use.FROZEN);
                    Decoder plain = new Decoder(ops, merged)) {
                double tolerance = compute == Compute.FLOAT ? 1e-4 : 0.02; // the sum is rounded to BFLOAT16 there
                assertThat(plain.loss(row).mean()).isCloseTo(after, within(tolerance));
            }
        }
    }

    @Test
    void productsOfEightBitsAreRefused() {
        assumeTrue(
                NativeChoice.hasEightBitProducts(), "a processor with VNNI and a build of ND4J with oneDNN is needed");
        try (Ops ops = new CpuOps(1, Compute.INT8);
                ModelWeights source = TinyModels.weights(CONFIG, SEED)) {
            assertThatThrownBy(() -> ModelWeights.load(CONFIG, source, ops, Use.FOUR_BITS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "weights: those in NF4 are multiplied in BFLOAT16 or FLOAT, not in INT8; compute in");
        }
    }
}

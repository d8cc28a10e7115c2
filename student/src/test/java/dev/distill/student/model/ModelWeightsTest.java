package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.model.ModelWeights.Use;
import dev.distill.student.ops.Compute;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.EightBitAdamWSettings;
import dev.distill.student.optim.OptimizerMemory;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ModelWeightsTest {
    private static final ModelConfig LARGE =
            PublishedShapes.find("llama-3.3-70b").orElseThrow();

    private static final long MEMORY = 24L << 30;

    /** Two moments of four bytes. */
    private static final ToLongFunction<ParameterSpec> ADAMW = spec -> 8 * spec.size();

    /** 80 layers of 8192 x (8192 + 1024) x 2 + 8192 x 28672 x 3 bytes, and a head of 128256 x 8192. */
    private static final String INT8 = "66282";

    /** 70,553,706,496 weights, eight bytes each. */
    private static final String TRAINED = "1076564";

    @Test
    void copiesThatCannotFitAreRefused() {
        assertThatThrownBy(() -> WeightMemory.require(LARGE, Compute.INT8, Use.FROZEN, Set.of(), MEMORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights: their copies in INT8 need " + INT8 + " MiB of memory, this process has 24576;"
                        + " compute in BFLOAT16 or FLOAT: the weights of a BF16 file are used where they lie");
        assertThatThrownBy(() -> WeightMemory.requireTrained(LARGE, Compute.FLOAT, Set.of(), ADAMW, MEMORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "weights: all of them with gradients and moments need " + TRAINED
                                + " MiB of memory, this process has 24576;"
                                + " take an optimizer that remembers less, or train an adapter: the frozen weights of a BF16 file are used where they lie");
    }

    /** But for 70,553,706,496 - 8,192 weights, 16 bytes each: the last norm alone. */
    @Test
    void whatIsFrozenHasNoMoments() {
        Set<String> frozen = LARGE.parameters().stream()
                .map(ParameterSpec::name)
                .filter(name -> !name.equals("model.norm.weight"))
                .collect(Collectors.toSet());
        assertThatCode(() -> WeightMemory.requireTrained(LARGE, Compute.FLOAT, frozen, ADAMW, 16L * 8192))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> WeightMemory.requireTrained(LARGE, Compute.FLOAT, frozen, ADAMW, 16L * 8192 - 1))
                .hasMessageContaining("the trained ones with gradients and moments need 0 MiB");
    }

    /** 8 bytes a weight for itself and its gradient, and what the optimizer says: two bytes and a scale for 256 of each moment here. */
    @Test
    void momentsAreCountedAsTheOptimizerHoldsThem() {
        OptimizerMemory eightBits = new OptimizerMemory(new EightBitAdamWSettings(AdamWSettings.DEFAULT));
        ModelConfig small = PublishedShapes.find("smollm2-1.7b").orElseThrow();
        long bytes = 8 * small.parameterCount()
                + small.parameters().stream().mapToLong(eightBits::remembered).sum();
        assertThat(bytes).isLessThan(11 * small.parameterCount());
        assertThatCode(() -> WeightMemory.requireTrained(small, Compute.FLOAT, Set.of(), eightBits::remembered, bytes))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        WeightMemory.requireTrained(small, Compute.FLOAT, Set.of(), eightBits::remembered, bytes - 1))
                .hasMessageContaining("all of them with gradients and moments");
    }

    /** The linear weights' 68,451,041,280 numbers in blocks of 18 bytes for 32 take 36,720 MiB, the head's 128,256 x 8,192 in eight bits 1,002. */
    @Test
    void fourBitsAreCountedAsFour() {
        Set<String> linear = LARGE.parameters().stream()
                .filter(ParameterSpec::isLinear)
                .map(ParameterSpec::name)
                .collect(Collectors.toSet());
        assertThatCode(() -> WeightMemory.require(LARGE, Compute.INT8, Use.INFERENCE, linear, 37_722L << 20))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> WeightMemory.require(LARGE, Compute.INT8, Use.INFERENCE, linear, 37_721L << 20))
                .hasMessageContaining("need 37722 MiB of memory, this process has 37721");
    }

    /** 68,451,041,280 numbers in 32 bytes for 64 and a byte for their scale take 33,660 MiB, the scales' scales 16 more. */
    @Test
    void normalFloatsAreCountedWithTheirScales() {
        assertThatThrownBy(() -> WeightMemory.require(LARGE, Compute.FLOAT, Use.FOUR_BITS, Set.of(), MEMORY))
                .hasMessageStartingWith(
                        "weights: those of linear layers in NF4 need 33675 MiB of memory, this process has"
                                + " 24576; train an adapter on weights that are used where they lie");
    }

    @Test
    void whatIsUsedWhereItLiesMayBeLargerThanMemory() {
        assertThatCode(() -> WeightMemory.require(LARGE, Compute.FLOAT, Use.FROZEN, Set.of(), MEMORY))
                .doesNotThrowAnyException();
        assertThatCode(() -> WeightMemory.require(LARGE, Compute.BFLOAT16, Use.FROZEN, Set.of(), MEMORY))
                .doesNotThrowAnyException();
    }
}

package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.model.ModelWeights.Use;
import dev.distill.student.ops.Compute;
import org.junit.jupiter.api.Test;

final class ModelWeightsTest {
    private static final ModelConfig LARGE =
            PublishedShapes.find("llama-3.3-70b").orElseThrow();

    private static final long MEMORY = 24L << 30;

    /** 80 layers of 8192 x (8192 + 1024) x 2 + 8192 x 28672 x 3 bytes. */
    private static final String INT8 = "65280";

    /** 70,553,706,496 weights, eight bytes each. */
    private static final String TRAINED = "1076564";

    @Test
    void copiesThatCannotFitAreRefused() {
        assertThatThrownBy(() -> WeightMemory.require(LARGE, Compute.INT8, Use.FROZEN, MEMORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights: their copies in INT8 need " + INT8 + " MiB of memory, this process has 24576;"
                        + " compute in BFLOAT16 or FLOAT: the weights of a BF16 file are used where they lie");
        assertThatThrownBy(() -> WeightMemory.require(LARGE, Compute.FLOAT, Use.TRAINED, MEMORY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights: all of them with gradients and moments need " + TRAINED
                        + " MiB of memory, this process has 24576;"
                        + " train an adapter: the frozen weights of a BF16 file are used where they lie");
    }

    @Test
    void whatIsUsedWhereItLiesMayBeLargerThanMemory() {
        assertThatCode(() -> WeightMemory.require(LARGE, Compute.FLOAT, Use.FROZEN, MEMORY))
                .doesNotThrowAnyException();
        assertThatCode(() -> WeightMemory.require(LARGE, Compute.BFLOAT16, Use.FROZEN, MEMORY))
                .doesNotThrowAnyException();
    }
}

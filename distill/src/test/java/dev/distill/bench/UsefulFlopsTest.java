package dev.distill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.bench.TrainBench.Mode;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.PublishedShapes;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UsefulFlopsTest {
    /**
     * By hand, for Qwen2.5-0.5B: a block has 2 x 896 x 896 (q, o) + 2 x 896 x 128 (k, v) + 3 x 896 x 4864 = 14,909,440 weights, 24
     * of them and the head of 151,936 x 896 make N = 493,961,216. Attention at 1,024 tokens: 6 x 1,025 x 896 x 24 = 132,249,600.
     */
    @Test
    void ofATiedModel() {
        ModelConfig config = PublishedShapes.find("qwen2.5-0.5b").orElseThrow();
        assertThat(UsefulFlops.of(config, Mode.LORA).perToken(1024)).isEqualTo(4.0 * 493_961_216 + 132_249_600);
        assertThat(UsefulFlops.of(config, Mode.FULL).perToken(1024)).isEqualTo(6.0 * 493_961_216 + 132_249_600);
    }

    /** Of the 8,030,261,248 weights of Llama 3.1 8B neither the input embedding (128,256 x 4,096) nor the 65 norms of 4,096 multiply. */
    @Test
    void anInputEmbeddingOfItsOwnDoesNotMultiply() {
        ModelConfig config = PublishedShapes.find("llama-3.1-8b").orElseThrow();
        double multiplied = 8_030_261_248.0 - 128_256 * 4096 - 65 * 4096;
        assertThat(UsefulFlops.of(config, Mode.LORA).perToken(1)).isEqualTo(4 * multiplied + 6.0 * 2 * 4096 * 32);
    }

    @Test
    void theMiddleOfNumbers() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 3));
        assertThat(Spread.of(List.of(4.0, 1.0))).isEqualTo(new Spread(1, 2.5, 4));
    }
}

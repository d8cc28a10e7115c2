package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.PublishedShapes;
import dev.distill.student.ops.Compute;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code plan} says does not fit is refused before anything is loaded, for the machines that are given here. */
final class TrainRoomTest {
    private static final ModelConfig CONFIG =
            PublishedShapes.find("qwen2.5-0.5b").orElseThrow();

    private static final Computing HALVES = new Computing(Compute.BFLOAT16, DType.BFLOAT16, 2);

    private final Map<String, String> options = new HashMap<>(Map.of(
            "name",
            "n",
            "student.base",
            "Qwen/Qwen2.5-0.5B-Instruct",
            "train.batch-samples",
            "4",
            "train.row-tokens",
            "1024"));

    private void require(long memory, long swap) throws Exception {
        new TrainRoom(Recipe.read(null, options), memory, swap).require(CONFIG, HALVES, samples());
    }

    /** 494,032,768 weights of 4 bytes with gradients of 4 are 3.7 GiB, AdamW's moments as much again: more than 6 GiB, less than 12. */
    @Test
    void aTrainingThatDoesNotFitIsRefusedWithItsCures() {
        options.put("train.mode", "full");
        assertThatCode(() -> require(16L << 30, 0)).doesNotThrowAnyException();
        assertThatCode(() -> require(6L << 30, 10L << 30)).as("with swap").doesNotThrowAnyException();
        assertThatThrownBy(() -> require(6L << 30, 0))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("MiB of memory, this machine has 6,144 with its swap; what helps:")
                .hasMessageContaining("train.activations: recompute: ")
                .hasMessageContaining("which fits");
    }

    /** What is advised is what is taken: moments in eight bits where those in floats do not fit. */
    @Test
    void theCureIsNotRefusedInItsTurn() {
        options.put("train.mode", "full");
        options.put("train.activations", "recompute");
        assertThatThrownBy(() -> require(7L << 30, 0)).hasMessageContaining("train.optimizer: adamw-8bit");
        options.put("train.optimizer", "adamw-8bit");
        assertThatCode(() -> require(7L << 30, 0)).doesNotThrowAnyException();
    }

    @Test
    void activationsOfAnAdapterCountToo() {
        options.put("train.mode", "lora");
        assertThatThrownBy(() -> require(1L << 30, 0)).hasMessageContaining("train.activations: recompute: ");
    }

    /** Forty of 400 tokens. */
    private static Samples samples() {
        return new Samples() {
            @Override
            public int size() {
                return 40;
            }

            @Override
            public int length(int index) {
                return 400;
            }

            @Override
            public Sample get(int index) {
                return new Sample("t" + index, new int[400], List.of(new Sample.Span(100, 400)));
            }
        };
    }
}

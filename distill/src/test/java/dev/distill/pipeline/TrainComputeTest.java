package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.PublishedShapes;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.nd4j.Processor;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training multiplies in is settled once, and kept. */
class TrainComputeTest {
    private static final ModelConfig LARGE =
            PublishedShapes.find("smollm2-135m").orElseThrow();

    @TempDir
    Path folder;

    @Test
    void whatWasAskedForIsWrittenAndKeptWhateverIsAskedForLater() throws IOException {
        Computing first = TrainCompute.settle(TrainPart.Compute.BFLOAT16, LARGE, folder);
        assertThat(folder).isEmptyDirectory(); // it may be refused yet
        TrainCompute.keep(first, folder);
        assertThat(first.type()).isEqualTo(Compute.BFLOAT16);
        assertThat(first.floating()).isEqualTo(DType.BFLOAT16);
        assertThat(TrainCompute.settle(TrainPart.Compute.AUTO, LARGE, folder)).isEqualTo(first);
        assertThat(TrainCompute.settle(TrainPart.Compute.FLOAT, LARGE, folder)).isEqualTo(first);
        assertThat(folder.resolve("compute.json"))
                .content()
                .contains("\"isa\" : \"" + Processor.here().isa() + "\"")
                .containsPattern("\"tile\" : \"6x(8|16|32)\"");
    }

    @Test
    void anotherMachinesChoiceIsTakenToo() throws IOException {
        Files.writeString(
                folder.resolve("compute.json"), "{\"compute\":\"INT8\",\"floating\":\"FLOAT\",\"threads\":7}");
        assertThat(TrainCompute.settle(TrainPart.Compute.AUTO, LARGE, folder))
                .isEqualTo(new Computing(Compute.INT8, DType.FLOAT, 7));
    }

    @Test
    void aSmallModelStaysWithFloat() throws IOException {
        ModelConfig small = new ModelConfig(
                LARGE.family(),
                300,
                LARGE.width(),
                2,
                LARGE.attention(),
                LARGE.mlpWidth(),
                LARGE.rope(),
                LARGE.normEpsilon(),
                true,
                64,
                LARGE.eosIds().stream().filter(id -> id < 300).toList());
        assertThat(TrainCompute.settle(TrainPart.Compute.AUTO, small, folder).type())
                .isEqualTo(Compute.FLOAT);
    }

    @Test
    void aChoiceThatCannotBeReadIsNamedWithTheCure() throws IOException {
        Path file = Files.writeString(folder.resolve("compute.json"), "{\"compute\":\"FP8\"}");
        assertThatThrownBy(() -> TrainCompute.settle(TrainPart.Compute.AUTO, LARGE, folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        file + ": needs compute (FLOAT, BFLOAT16 or INT8), floating (FLOAT or BFLOAT16) and threads,"
                                + " got {\"compute\":\"FP8\"}; it is what the training began with: restore it, or train in another"
                                + " folder");
    }
}

package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.Fixture;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.TestOps;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredWeightsTest {
    @TempDir
    Path folder;

    /** As safetensors' save_model writes a tied model: the name that sorts first is kept. */
    @Test
    void aTiedModelIsReadWhicheverNameItsMatrixWasStoredUnder() throws Exception {
        Fixture fixture = Fixture.of("qwen2");
        Files.copy(fixture.folder().resolve("config.json"), folder.resolve("config.json"));
        try (SafetensorsFile original = SafetensorsFile.open(fixture.folder().resolve("model.safetensors"))) {
            List<SafetensorsWriter.Item> items = new ArrayList<>();
            for (TensorEntry entry : original.entries()) {
                String name = entry.name().equals("model.embed_tokens.weight") ? "lm_head.weight" : entry.name();
                items.add(new SafetensorsWriter.Item(
                        name, entry.type(), entry.shape(), sink -> sink.accept(original.bytes(entry.name()))));
            }
            SafetensorsWriter.write(
                    folder.resolve("model.safetensors"), items, Map.of("model.embed_tokens.weight", "lm_head.weight"));
        }
        try (Ops ops = TestOps.open();
                ModelWeights weights = Fixture.load(folder, ops);
                Decoder model = new Decoder(ops, weights)) {
            fixture.assertLogits(model);
        }
    }

    @Test
    void aWeightOfAnotherFormThanAMatrixIsRefused() throws Exception {
        Files.copy(Fixture.of("qwen2").folder().resolve("config.json"), folder.resolve("config.json"));
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                List.of(
                        SafetensorsTest.item("scalar", StorageType.F32, List.of(), new byte[4]),
                        SafetensorsTest.item("wide", StorageType.F32, List.of(0L, 1L << 40), new byte[0]),
                        SafetensorsTest.item("bytes", StorageType.U8, List.of(2L), new byte[2])),
                Map.of());
        try (StoredWeights stored = StoredWeights.open(folder)) {
            assertThatThrownBy(() -> stored.get("scalar"))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("tensor scalar: a weight has one or more dimensions below 2^31, got []");
            assertThatThrownBy(() -> stored.get("wide"))
                    .isInstanceOf(WeightsException.class)
                    .hasMessageContaining("got [0, 1099511627776]");
            assertThatThrownBy(() -> stored.get("bytes")).hasMessageContaining("F32, BF16 or F16 is read here, got U8");
        }
    }

    /** 1.5 is 3FC0 0000 in F32, 3FC0 in BF16 and 3E00 in F16 (IEEE 754; BF16 is the upper half of F32). */
    @Test
    void wideTypesAreUsedWhereTheyAreMappedAndF16IsWidened() throws Exception {
        Files.copy(Fixture.of("qwen2").folder().resolve("config.json"), folder.resolve("config.json"));
        SafetensorsWriter.write(
                folder.resolve("model.safetensors"),
                List.of(
                        SafetensorsTest.item("f32", StorageType.F32, List.of(1L), new byte[] {0, 0, (byte) 0xC0, 0x3F}),
                        SafetensorsTest.item("bf16", StorageType.BF16, List.of(1L), new byte[] {(byte) 0xC0, 0x3F}),
                        SafetensorsTest.item("f16", StorageType.F16, List.of(1L), new byte[] {0, 0x3E})),
                Map.of());
        try (StoredWeights stored = StoredWeights.open(folder)) {
            for (String name : stored.names()) {
                Tensor tensor = stored.get(name);
                assertThat(tensor.get(0)).as(name).isEqualTo(1.5f);
                assertThat(tensor.segment().isReadOnly()).as(name).isEqualTo(!name.equals("f16"));
                assertThat(tensor.type()).isEqualTo(name.equals("bf16") ? DType.BFLOAT16 : DType.FLOAT);
            }
        }
    }

    @Test
    void whatIsNoModelSaysWhatToGive() throws IOException {
        assertThatThrownBy(() -> StoredWeights.open(folder))
                .hasMessageContaining("no config.json in it; give a Hugging Face model folder or a .gguf file");
        assertThatThrownBy(() -> StoredWeights.open(folder.resolve("none.gguf")))
                .hasMessageContaining("is neither a folder nor a .gguf file that exists");
        Path misnamed = Files.createDirectory(folder.resolve("folder.gguf"));
        assertThatThrownBy(() -> StoredWeights.open(misnamed)).hasMessageContaining("no config.json in it");
        assertThat(StoredWeights.isGguf(misnamed)).isFalse();
    }
}

package dev.distill.student.weights;

import static dev.distill.student.weights.SafetensorsTest.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsFolderTest {
    private static final List<SafetensorsWriter.Item> THREE = List.of(
            item("a", StorageType.U8, List.of(4L), new byte[] {1, 1, 1, 1}),
            item("b", StorageType.U8, List.of(4L), new byte[] {2, 2, 2, 2}),
            item("c", StorageType.U8, List.of(9L), new byte[9]));

    @TempDir
    Path folder;

    @Test
    void aSmallModelIsOneFile() throws IOException {
        assertThat(WeightsFolder.write(folder, THREE, Map.of(), 1000)).containsExactly("model.safetensors");
        try (WeightsFolder weights = WeightsFolder.open(folder)) {
            assertThat(weights.names()).containsExactly("a", "b", "c");
        }
    }

    @Test
    void aLargeModelIsSplitAndFoundThroughItsIndex() throws IOException {
        assertThat(WeightsFolder.write(folder, THREE, Map.of(), 8))
                .containsExactly(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        try (WeightsFolder weights = WeightsFolder.open(folder)) {
            assertThat(weights.names()).containsExactly("a", "b", "c");
            assertThat(weights.bytes("b").toArray(ValueLayout.JAVA_BYTE)).containsExactly(2, 2, 2, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.safetensors", "/etc/model.safetensors", "sub/model.safetensors", "model.bin"})
    void anIndexThatLeavesItsFolderIsRefused(String target) throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"a\":\"" + target + "\"}}");
        assertThatThrownBy(() -> WeightsFolder.open(folder))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("tensor a: its file must be a plain .safetensors name");
    }

    @Test
    void anIndexThatNamesWhatIsNotThereIsRefused() throws IOException {
        WeightsFolder.write(folder, THREE, Map.of(), 8);
        Path index = folder.resolve("model.safetensors.index.json");
        String sound = Files.readString(index);
        Files.writeString(index, sound.replace("\"a\"", "\"z\""));
        assertThatThrownBy(() -> WeightsFolder.open(folder)).hasMessageContaining("holds tensor z, which it lacks");
        Files.writeString(index, sound.replace("00002-of-00002", "00003-of-00003"));
        assertThatThrownBy(() -> WeightsFolder.open(folder)).hasMessageContaining("which is not there");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"weight_map":{"a":"model.safetensors","a":"model.safetensors"}} | Duplicate field 'a'
                    {"weight_map":["a"]}                                             | weight_map must map tensor names to file names
                    {}                                                               | weight_map must map tensor names to file names
                    {"weight_map":{"a":7}}                                           | its file must be a plain .safetensors name
                    {"weight_map":                                                   | it must be JSON
                    """)
    void anIndexThatIsNoneIsRefused(String index, String message) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), index);
        assertThatThrownBy(() -> WeightsFolder.open(folder))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("model.safetensors.index.json")
                .hasMessageContaining(message);
    }

    @Test
    void anIndexThatIsNoTextIsRefused() throws IOException {
        Files.write(folder.resolve("model.safetensors.index.json"), new byte[] {'{', '"', (byte) 0xC0, (byte) 0xFF});
        assertThatThrownBy(() -> WeightsFolder.open(folder))
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("it must be JSON");
    }

    /** safetensors' save_model keeps the name that sorts first and notes the others. */
    @Test
    void aTiedMatrixIsFoundUnderTheNameThatOnlyTheMetadataMention() throws IOException {
        WeightsFolder.write(folder, THREE, Map.of("model.embed", "b", "a", "c", "format", "pt", "x", "y"), 1000);
        try (WeightsFolder weights = WeightsFolder.open(folder)) {
            assertThat(weights.names()).containsExactlyInAnyOrder("a", "b", "c", "model.embed");
            assertThat(weights.bytes("model.embed").toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(2, 2, 2, 2);
            assertThat(weights.entry("model.embed").name()).isEqualTo("b");
            assertThat(weights.bytes("a").toArray(ValueLayout.JAVA_BYTE))
                    .as("what the file holds comes first")
                    .containsExactly(1, 1, 1, 1);
        }
    }

    @Test
    void aFolderWithoutSafetensorsSaysWhatToDo() {
        assertThatThrownBy(() -> WeightsFolder.open(folder))
                .hasMessageContaining("no model.safetensors")
                .hasMessageContaining("save_pretrained");
    }
}

package dev.distill.student.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The reference implementation's own vectors: each opens, or is refused by the rule that the reference names. */
@Tag("conformance")
class SafetensorsConformanceTest {
    @TempDir
    Path temporary;

    @TestFactory
    List<DynamicTest> vectors() throws IOException {
        String root = System.getProperty("distill.conformance", "");
        assumeTrue(!root.isEmpty(), "no conformance folder: give -Ddistill.conformance=FOLDER");
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode all = new ObjectMapper()
                .readTree(Path.of(root, "safetensors", "vectors.json").toFile());
        for (JsonNode vector : all.path("vectors")) {
            String name = vector.path("test").asText() + "_" + vector.path("n").asText();
            tests.add(DynamicTest.dynamicTest(name, () -> check(name, vector)));
        }
        assertThat(tests).hasSize(17);
        return tests;
    }

    private void check(String name, JsonNode vector) throws IOException {
        Path file = temporary.resolve(name);
        Files.write(file, HexFormat.of().parseHex(vector.path("hex").asText()));
        String expected = vector.path("expect").asText();
        if (expected.equals("OK")) {
            SafetensorsFile.open(file).close();
            return;
        }
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOfSatisfying(
                        WeightsException.class,
                        e -> assertThat(e.rule().name().replace("_", "").toLowerCase(Locale.ROOT))
                                .isEqualTo(expected.toLowerCase(Locale.ROOT)));
    }
}

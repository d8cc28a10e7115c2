package dev.distill.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of cases that this project did not write. */
public final class Conformance {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Conformance() {}

    /** A file of that folder; the test that asks for it is skipped, and says why, where the folder is absent. */
    public static Path file(String name) {
        String folder = System.getProperty("distill.conformance", "");
        assumeTrue(
                !folder.isBlank() && Files.isDirectory(Path.of(folder)),
                "no conformance data: set -Ddistill.conformance to the folder; got \"" + folder + "\"");
        Path file = Path.of(folder).resolve(name);
        assertThat(file).exists();
        return file;
    }

    public static JsonNode json(String name) throws IOException {
        return JSON.readTree(Files.readAllBytes(file(name)));
    }
}

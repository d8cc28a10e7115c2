package dev.distill.student.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cases that others made. They lie outside the project; a test without them is skipped and says what is missing. */
public final class ConformanceFolder {
    private ConformanceFolder() {}

    /** A file or folder of the conformance data. */
    public static Path path(String inside) {
        String root = System.getProperty("distill.conformance", "");
        assumeTrue(!root.isEmpty(), "skipped: -Ddistill.conformance names no folder, needed for " + inside);
        Path path = Path.of(root).resolve(inside);
        assumeTrue(Files.exists(path), "skipped: missing " + path);
        return path;
    }

    public static JsonNode json(String inside) throws IOException {
        return new ObjectMapper().readTree(path(inside).toFile());
    }
}

package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Python's side of comparisons with real weights: {@code -Ddistill.peers=FOLDER} with {@code venv/} and {@code models/}. */
final class Peers {
    private Peers() {}

    /** A model's folder; the test is skipped, and says what is missing, where there is none. */
    static Path model(String name) {
        return existing("models").resolve(name);
    }

    /** Runs src/test/python/real_model.py on a folder that has a request.json. */
    static void run(Path folder, JsonNode request) throws IOException, InterruptedException {
        Path python = existing("venv/bin/python");
        new ObjectMapper().writeValue(folder.resolve("request.json").toFile(), request);
        File log = folder.resolve("log.txt").toFile();
        Process process = new ProcessBuilder(
                        python.toString(),
                        Path.of("src/test/python/real_model.py").toString(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertThat(process.waitFor()).as(() -> read(log)).isZero();
    }

    private static Path existing(String inside) {
        String root = System.getProperty("distill.peers", "");
        assumeTrue(!root.isEmpty(), "skipped: -Ddistill.peers names no folder, needed for " + inside);
        Path path = Path.of(root).resolve(inside);
        assumeTrue(Files.exists(path), "skipped: missing " + path);
        return path;
    }

    private static String read(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }
}

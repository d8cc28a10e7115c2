package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damage anywhere in a small file, and files that claim billions of bytes, values, levels and rows: each ends in a {@link ShardException} or
 * in the traces that were written, in a JVM that has 64 MB.
 */
class HostileFilesTest {
    @TempDir
    Path folder;

    static List<Trace> traces() {
        return RandomTraces.list(61, 3, 60);
    }

    @BeforeEach
    void write() throws IOException {
        try (TraceWriter writer = TraceWriter.create(folder.resolve("sound"))) {
            for (Trace trace : traces()) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
        Files.copy(folder.resolve("sound/traces-00000.parquet"), folder.resolve("traces.parquet"));
        try (OutputStream out = Files.newOutputStream(folder.resolve("traces.arrows"))) {
            ArrowTraces.write(traces().iterator(), out);
        }
    }

    private String read(String what, int step) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-Xss256k"));
        command.addAll(List.of(System.getProperty("distill.jvm.flags").split(" ")));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                HostileReader.class.getName(),
                folder.toString(),
                what,
                Integer.toString(step)));
        Path output = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int code = process.waitFor();
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(code).as(said).isZero();
            return said;
        } catch (InterruptedException e) {
            process.destroy();
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsForgedIsRefused() throws IOException {
        Path forged = Files.createDirectories(folder.resolve("forged"));
        Map<String, Path> claims = ForgedShard.all(forged, Files.readAllBytes(folder.resolve("traces.parquet")));
        String said = read("forged", 1);
        // each is read as traces, and as a file of others
        for (Map.Entry<String, Path> claim : claims.entrySet()) {
            // Parquet's own reader takes a length of -1 for an empty text and goes on a byte earlier: nothing a reader
            // of others' columns could notice.
            int readings = claim.getKey().equals("a text of minus one byte") ? 1 : 2;
            assertThat(said.lines().filter(line -> line.startsWith("refused: shard " + claim.getValue() + ": ")))
                    .as(claim.getKey())
                    .hasSize(readings)
                    .allMatch(line -> line.contains("; "))
                    .as("refused before memory is taken")
                    .noneMatch(line -> line.contains("OutOfMemoryError"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "foreign", "arrow"})
    void someOfTheBytesMayBeDamaged(String what) throws IOException {
        assertThat(read(what, 41)).contains(" refused, ");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"parquet", "foreign", "arrow"})
    void everyByteMayBeDamaged(String what) throws IOException {
        assertThat(read(what, 1)).contains(" refused, ");
    }
}

package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are cut off, or that nobody would have written in good faith. */
class DamagedImportTest {
    private static final ImportSettings R1 = ImportSettings.PLAIN.withTeacher("R1");

    @TempDir
    Path folder;

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines).replace('\'', '"'));
    }

    private ImportReport run(ImportSettings settings, Path file) throws IOException {
        return TraceImport.run(ImportSource.of(file), settings, folder.resolve("to"), "test", _ -> {});
    }

    private List<Trace> traces() throws IOException {
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(folder.resolve("to"))) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    @Test
    void aListThatIsCutOffIsABadRow() throws IOException {
        Path file = file("cut.json", "[{'prompt': 'a', 'completion': 'b'}, {'prompt': 'c', 'comp");
        assertThatThrownBy(() -> run(R1, file)).hasMessageContaining("row 2: is no JSON (");
        assertThat(run(R1.skippingBad(), file).traces()).isEqualTo(1);
    }

    @Test
    void aNumberOfAThousandMillionDigitsIsLeftAsItIsWritten() throws IOException {
        run(
                R1,
                file(
                        "numbers.jsonl",
                        "{'problem': 'How many?', 'generation': '<think>Many.</think>Many.', 'answer': 1e999999999}",
                        "{'problem': 'How much?', 'generation': '<think>Some.</think>Some.', 'answer': 2.50}"));
        assertThat(traces()).extracting(Trace::reference).containsExactly("1E+999999999", "2.50");
    }

    @Test
    void aCutFileIsNamed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write("{\"problem\": \"How many?\", \"generation\": \"<think>Two.</think>2\"}\n"
                    .repeat(1_000)
                    .getBytes(StandardCharsets.UTF_8));
        }
        Path cut = Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() - 20));
        assertThatThrownBy(() -> run(R1, cut))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("cut.jsonl.gz", "whole compressed file", "fetch it or copy it again");
        Path none = Files.writeString(folder.resolve("none.jsonl.gz"), "no gzip");
        assertThatThrownBy(() -> run(R1, none)).hasMessageContainingAll("none.jsonl.gz", "whole compressed file");
    }

    /** A few kilobytes that hold a line of a gigabyte. */
    @Test
    void aLineWithoutEndIsNotTaken() throws IOException {
        Path file = folder.resolve("bomb.jsonl.zst");
        byte[] spaces = new byte[1 << 20];
        Arrays.fill(spaces, (byte) ' ');
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(file))) {
            out.write('{');
            for (int i = 0; i < 1024; i++) {
                out.write(spaces);
            }
            out.write("\n{\"problem\": \"How many?\", \"generation\": \"<think>Two.</think>2\"}\n"
                    .getBytes(StandardCharsets.UTF_8));
        }
        assertThatThrownBy(() -> run(R1, file))
                .hasMessageContainingAll("bomb.jsonl.zst", "line 1", "must have at most", "MiB", "JSON lines");
    }
}

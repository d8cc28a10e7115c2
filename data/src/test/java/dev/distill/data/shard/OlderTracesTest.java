package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces of {@code traces/1}, as the last program that wrote that version left them: see the folder's NOTE.md. */
class OlderTracesTest {
    @TempDir
    Path temporary;

    /** What was written. */
    private final List<Trace> traces = RandomTraces.first(101, 12, 200);

    private static Path folder() {
        try {
            return Path.of(Objects.requireNonNull(OlderTracesTest.class.getResource("traces-1"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Trace> all(Iterator<Trace> reader) {
        List<Trace> found = new ArrayList<>();
        reader.forEachRemaining(found::add);
        return found;
    }

    @Test
    void aFinishedFolderIsRead() throws IOException {
        try (TraceReader reader = TraceReader.open(folder())) {
            assertThat(all(reader)).isEqualTo(traces);
        }
    }

    @Test
    void aFileWithoutManifestIsRead() throws IOException {
        try (TraceReader reader = TraceReader.openWithoutManifest(folder().resolve("traces-00000.parquet"))) {
            assertThat(all(reader)).isEqualTo(traces);
        }
    }

    @Test
    void anArrowStreamIsRead() throws IOException {
        Path stream = folder().resolve("traces.arrows");
        try (InputStream in = Files.newInputStream(stream);
                ArrowTraces reader = ArrowTraces.read(stream, in)) {
            assertThat(all(reader)).isEqualTo(traces);
        }
    }

    @Test
    void aFolderOfANewerVersionIsRefusedByName() throws IOException {
        for (String name : List.of("traces-00000.parquet", Manifest.FILE_NAME)) {
            Files.copy(folder().resolve(name), temporary.resolve(name));
        }
        Path manifest = temporary.resolve(Manifest.FILE_NAME);
        Files.writeString(manifest, Files.readString(manifest).replace("traces/1", "traces/3"));
        assertThatThrownBy(() -> TraceReader.open(temporary))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("holds \"traces/3\", this program reads traces/1 and traces/2")
                .hasMessageContaining("use a newer Distill");
    }
}

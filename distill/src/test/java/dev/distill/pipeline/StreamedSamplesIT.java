package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces that do not fit into the heap make batches all the same. */
class StreamedSamplesIT {
    private static final int TRACES = 50_000;

    @TempDir
    Path folder;

    /**
     * Reasoning of 640 characters in the mean is 32 MB, the conversations as much again in objects, and the tokens of it are more than 40 MB: none of
     * it together fits beside the 16 MB row group that a reader of Parquet holds, and the heap that it decodes it in.
     */
    @Test
    void moreTracesThanHeap() throws IOException, InterruptedException {
        StreamedSamples.write(new RunFolder(folder).curate(), TRACES, 10);
        List<String> command = ChildJvm.command(StreamedSamples.class.getName(), Stream.of(folder.toString()));
        command.add(command.indexOf("-Xmx2g") + 1, "-Xmx72m"); // the last one counts
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).containsPattern(TRACES + " samples, \\d{8} tokens, 64 held back");
    }
}

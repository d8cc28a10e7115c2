package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with the traces: several times as much text as the heap has goes there and comes back. */
@Tag("slow")
class ShardMemoryTest {
    @TempDir
    Path folder;

    /** At most four row groups of 8 Mi characters are held, of which these texts take two bytes each, and two more are encoded: with 96 a busy machine was too slow. */
    @Test
    void fourHundredMegabytesPassThroughAHeapOf128() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx128m", "-XX:ActiveProcessorCount=2"));
        command.addAll(List.of(System.getProperty("distill.jvm.flags").split(" ")));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                ManyTraces.class.getName(),
                folder.resolve("traces").toString(),
                "50000"));
        Path output = folder.resolve("said.txt");
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String said = Files.readString(output);
        assertThat(code).as(said).isZero();
        Matcher figures =
                Pattern.compile("(\\d+) written, (\\d+) read, 0 misplaced").matcher(said);
        assertThat(figures.find()).as(said).isTrue();
        assertThat(figures.group(2)).isEqualTo(figures.group(1));
        assertThat(Long.parseLong(figures.group(1))).isGreaterThan(400_000_000L);
    }
}

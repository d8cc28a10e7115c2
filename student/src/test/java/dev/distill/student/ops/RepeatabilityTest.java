package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same bits, whoever computes them. */
final class RepeatabilityTest {
    @Test
    void neitherTheNumberOfThreadsNorTheRunChangesABit() {
        try (Ops one = new CpuOps(1);
                Ops two = new CpuOps(2);
                Ops five = new CpuOps(5)) {
            int expected = StepHash.run(one);
            for (int i = 0; i < 20; i++) { // long enough for the compiler to replace what the interpreter began
                assertThat(StepHash.run(one)).isEqualTo(expected);
                assertThat(StepHash.run(two)).isEqualTo(expected);
                assertThat(StepHash.run(five)).isEqualTo(expected);
            }
        }
    }

    /** A JVM that only interprets, and one that compiles everything with its best compiler after a few calls. */
    @Test
    void interpreterAndCompilerGiveTheSameBits() throws Exception {
        String interpreted = hashOf(List.of("-Xint"), 1);
        String compiled = hashOf(List.of("-XX:-TieredCompilation", "-XX:CompileThreshold=100"), 60);
        assertThat(interpreted).startsWith("hash ").isEqualTo(compiled);
    }

    private static String hashOf(List<String> flags, int repetitions) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StepHash.class.getName()));
        command.addAll(List.of("1", Integer.toString(repetitions)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}

package dev.distill.student.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Training takes no more memory after 500 steps than after 300, or after 700 than after 500. */
final class NativeMemoryTest {
    /** Until then the compilers fill their caches, and oneDNN its own: with AVX2 it takes 2.9 MB between steps 100 and 300, and then no more. */
    private static final int WARM_UP = 300;

    private static final int STEPS = 200;

    /**
     * What the JVM itself may still take for compiled code (measured: 0.1 MB between these steps). A leak of 10 kB a step,
     * half a per cent of a step's activations, is more.
     */
    private static final long TOLERANCE = 2 << 20;

    /**
     * Heap in memory from the start, so that what grows is native; the collector with the least bookkeeping of its own; compilers that are waited
     * for, so that on a busy machine too they are done after the warm-up.
     */
    private static final List<String> FLAGS =
            List.of("-Xms64m", "-Xmx64m", "-Xbatch", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

    @Test
    void twoHundredStepsOfTrainingLeaveNativeMemoryFlat() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/proc/self/status")), "skipped: only Linux tells a process its anonymous memory");
        long[][] lines = run(WARM_UP, STEPS, 3);
        assertThat(lines[2][0]).as("bytes that the workspace holds").isEqualTo(lines[0][0]);
        // A leak grows each time; what a compiler that is late on a busy machine takes comes once.
        assertThat(Math.min(lines[1][1] - lines[0][1], lines[2][1] - lines[1][1]))
                .as("growth of %s over %d steps, in bytes", Arrays.deepToString(lines), STEPS)
                .isLessThan(TOLERANCE);
    }

    /** @return for each line the workspace's bytes and the process's */
    private static long[][] run(int warmUp, int steps, int lines) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of(System.getProperty("distill.jvm.flags").split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemoryOfSteps.class.getName()));
        command.addAll(List.of(String.valueOf(warmUp), String.valueOf(steps), String.valueOf(lines)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(output.lines()).hasSize(lines);
        return output.lines()
                .map(line -> Arrays.stream(line.split(" "))
                        .mapToLong(Long::parseLong)
                        .toArray())
                .toArray(long[][]::new);
    }
}

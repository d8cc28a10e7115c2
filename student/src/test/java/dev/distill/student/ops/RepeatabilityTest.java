package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same bits, whoever computes them: every operation, and training as a whole. */
final class RepeatabilityTest {
    /** Compiles what has been called a hundredth as often as usual, so that a short run meets compiled code. */
    private static final String EARLY = "-XX:CompileThresholdScaling=0.01";

    @Test
    void neitherTheNumberOfThreadsNorTheRunChangesABit() {
        try (Ops one = new CpuOps(1);
                Ops two = new CpuOps(2);
                Ops three = new CpuOps(3)) {
            String expected = StepHash.run(one);
            for (int i = 0; i < 20; i++) { // long enough for the compiler to replace what the interpreter began
                assertThat(StepHash.run(one)).isEqualTo(expected);
                assertThat(StepHash.run(two)).isEqualTo(expected);
                assertThat(StepHash.run(three)).isEqualTo(expected);
            }
        }
    }

    /** A JVM that only interprets, those that compile with the quick or the best compiler after a few calls, and one that collects all the while. */
    @Test
    void interpreterCompilersAndCollectorGiveTheSameBits() throws Exception {
        Map<String, Process> running = new LinkedHashMap<>();
        running.put("interpreter", start("1", "-Xint"));
        running.put("quick compiler", start("5", "-XX:TieredStopAtLevel=1", EARLY));
        running.put("best compiler", start("5", "-XX:-TieredCompilation", EARLY));
        // compiled code tells the collector that a tensor is not needed any more while a kernel still reads it by its
        // address
        running.put("quick compiler, collector", start("2 collecting", "-XX:TieredStopAtLevel=1", EARLY));
        Map<String, String> hashes = new LinkedHashMap<>();
        for (Map.Entry<String, Process> run : running.entrySet()) {
            hashes.put(run.getKey(), output(run.getValue()));
        }
        assertThat(hashes.get("interpreter")).matches("\\[operations -?\\d+, training -?\\d+]");
        assertThat(hashes.values()).as("%s", hashes).containsOnly(hashes.get("interpreter"));
    }

    private static Process start(String arguments, String... flags) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of(System.getProperty("distill.jvm.flags").split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StepHash.class.getName()));
        command.addAll(List.of(arguments.split(" ")));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}

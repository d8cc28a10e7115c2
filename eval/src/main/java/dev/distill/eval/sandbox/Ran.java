package dev.distill.eval.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What became of one program.
 *
 * @param exitCode as a shell gives it, 128 and more for a signal; of {@link Ended#ITSELF} only
 * @param stdout what it wrote, up to its limit
 * @param stderr likewise
 * @param wall from start to end
 * @param used as the accounting has it
 */
public record Ran(Ended ended, int exitCode, byte[] stdout, byte[] stderr, Duration wall, Used used) {
    /** What ended it. */
    public enum Ended {
        /** It ended by its own doing, which may be a crash. */
        ITSELF,
        TIME_LIMIT,
        MEMORY_LIMIT,
        OUTPUT_LIMIT
    }

    /**
     * What it took.
     *
     * @param by what counted it: {@code cgroup2}, {@code cgroup1} or {@code rlimits}
     * @param cpu of all its processes; zero where nobody counted
     * @param peakMemoryBytes of all its processes; 0 where nobody counted
     * @param refusedProcesses how often the kernel refused it one more; 0 where nobody counted
     */
    public record Used(String by, Duration cpu, long peakMemoryBytes, long refusedProcesses) {}

    /** Whether it ended by itself and well. */
    public boolean well() {
        return ended == Ended.ITSELF && exitCode == 0;
    }

    /** What it wrote on stdout, with what is no UTF-8 replaced. */
    public String out() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    /** What it wrote on stderr, likewise. */
    public String err() {
        return new String(stderr, StandardCharsets.UTF_8);
    }
}

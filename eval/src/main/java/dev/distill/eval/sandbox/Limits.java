package dev.distill.eval.sandbox;

import java.time.Duration;

/**
 * What one program may use.
 *
 * @param cpu of all its processes together, as far as the accounting sees them; of each alone in any case
 * @param wall from start to end
 * @param memoryBytes of all its processes together, with what they keep in files, for these lie in memory
 * @param processes at one time; a thread counts as one
 * @param outputBytes on stdout, and as many on stderr
 * @param diskBytes of all its files together
 * @param files that there may be at one time, folders and links included
 */
public record Limits(
        Duration cpu, Duration wall, long memoryBytes, int processes, long outputBytes, long diskBytes, int files) {
    private static final long MIB = 1L << 20;

    /** Enough for a solution to a contest's problem. */
    public static final Limits STANDARD =
            new Limits(Duration.ofSeconds(10), Duration.ofSeconds(20), 512 * MIB, 64, 16 * MIB, 64 * MIB, 1024);

    public Limits {
        require(cpu.isPositive(), "cpu must be above 0", cpu);
        require(wall.compareTo(cpu) >= 0, "wall must be at least cpu, " + cpu, wall);
        require(memoryBytes >= 16 * MIB, "memory must be at least 16 MiB", memoryBytes);
        require(processes >= 1 && processes <= 10_000, "processes must be from 1 to 10000", processes);
        require(outputBytes >= 1 && outputBytes <= 1 << 30, "output must be from 1 byte to 1 GiB", outputBytes);
        require(diskBytes >= 64 << 10, "disk must be at least 64 KiB", diskBytes);
        require(files >= 16, "files must be at least 16", files);
    }

    private static void require(boolean kept, String rule, Object value) {
        if (!kept) {
            throw new IllegalArgumentException("sandbox: limit of " + rule + "; got " + value);
        }
    }

    /** Processor time, and twice as much from start to end, for a machine may be busy. */
    public Limits withTime(Duration newCpu) {
        return new Limits(
                newCpu, newCpu.multipliedBy(2).plusSeconds(1), memoryBytes, processes, outputBytes, diskBytes, files);
    }

    public Limits withMemory(long bytes) {
        return new Limits(cpu, wall, bytes, processes, outputBytes, diskBytes, files);
    }

    public Limits withProcesses(int most) {
        return new Limits(cpu, wall, memoryBytes, most, outputBytes, diskBytes, files);
    }

    public Limits withOutput(long bytes) {
        return new Limits(cpu, wall, memoryBytes, processes, bytes, diskBytes, files);
    }

    /** The same with no more than this from start to end. */
    public Limits within(Duration longest) {
        Duration shorter = wall.compareTo(longest) < 0 ? wall : longest;
        return new Limits(
                cpu.compareTo(shorter) < 0 ? cpu : shorter,
                shorter,
                memoryBytes,
                processes,
                outputBytes,
                diskBytes,
                files);
    }
}

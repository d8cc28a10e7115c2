package dev.distill.eval.sandbox;

import dev.distill.eval.sandbox.Ran.Ended;
import dev.distill.eval.sandbox.Ran.Used;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Limits without control groups: the kernel holds each process to its own (setrlimit(2)) and their number to a most, and the sum of their memory and
 * time is looked up often. Between two looks a program can take more for a moment; pages that processes share are counted for each.
 */
final class ProcessLimits implements Accounting {
    static final String WORD = "rlimits";
    private static final Path PROC = Path.of("/proc");

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public boolean holdsTogether() {
        return false;
    }

    @Override
    public Account open(Limits limits) {
        return new Sum(limits);
    }

    private static final class Sum implements Account {
        private static final long PATIENCE_NS = 5_000_000_000L;
        private static final long TICK_NS = 10_000_000;

        private final Limits limits;
        private final Set<ProcessHandle> seen = new HashSet<>();
        private long peak;
        private long ticks;

        Sum(Limits limits) {
            this.limits = limits;
        }

        @Override
        public List<Path> doors() {
            return List.of();
        }

        @Override
        public Optional<Ended> breach(ProcessHandle launcher) {
            long bytes = 0;
            long sum = 0;
            for (ProcessHandle each : launcher.descendants().toList()) {
                seen.add(each);
                bytes += memory(each.pid());
                sum += ticks(each.pid());
            }
            peak = Math.max(peak, bytes);
            ticks = Math.max(ticks, sum);
            if (bytes > limits.memoryBytes()) {
                return Optional.of(Ended.MEMORY_LIMIT);
            }
            return cpu().compareTo(limits.cpu()) > 0 ? Optional.of(Ended.TIME_LIMIT) : Optional.empty();
        }

        private Duration cpu() {
            return Duration.ofNanos(ticks * TICK_NS);
        }

        /** What is the process's own, or shared in memory. */
        private static long memory(long id) {
            long kib = 0;
            for (String line : lines(id, "status")) {
                if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
                    kib += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return kib << 10;
        }

        /** Its own processor time and that of its children that have ended: fields 14 to 17 of proc(5). */
        private static long ticks(long id) {
            List<String> lines = lines(id, "stat");
            if (lines.isEmpty()) {
                return 0;
            }
            String[] fields = fields(lines.getFirst());
            long sum = 0;
            for (int field = 11; field < 15 && field < fields.length; field++) {
                sum += Long.parseLong(fields[field]);
            }
            return sum;
        }

        private static List<String> lines(long id, String file) {
            try {
                return Files.readAllLines(PROC.resolve(Long.toString(id)).resolve(file), StandardCharsets.ISO_8859_1);
            } catch (IOException e) { // it has ended
                return List.of();
            }
        }

        /** One that has ended, and only waits for its parent to look, is not alive. */
        private static boolean isAlive(ProcessHandle process) {
            List<String> lines = lines(process.pid(), "stat");
            return process.isAlive() && !lines.isEmpty() && !fields(lines.getFirst())[0].matches("[ZX]");
        }

        /** Those after the program's name, which may have spaces in it; the first is the state, the third field of proc(5). */
        private static String[] fields(String line) {
            return line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
        }

        /** The first process of a sandbox takes all others with it. */
        @Override
        public void kill(ProcessHandle launcher) {
            List<ProcessHandle> all = launcher.descendants().toList();
            seen.addAll(all);
            launcher.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
        }

        @Override
        public Used used() {
            return new Used(WORD, cpu(), peak, 0);
        }

        @Override
        public void close() {
            long end = System.nanoTime() + PATIENCE_NS;
            while (seen.stream().anyMatch(Sum::isAlive)) {
                if (System.nanoTime() > end) {
                    throw new SandboxException("sandbox: processes of a program that has ended are alive: "
                            + seen.stream()
                                    .filter(Sum::isAlive)
                                    .map(ProcessHandle::pid)
                                    .toList());
                }
                seen.stream().filter(Sum::isAlive).forEach(ProcessHandle::destroyForcibly);
                LockSupport.parkNanos(500_000);
            }
        }
    }
}

package dev.distill.eval.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What tests of sandboxes share. */
public final class Sandboxes {
    public static final String PYTHON = "/usr/bin/python3";
    static final long MIB = 1L << 20;

    private Sandboxes() {}

    /** Skips a test, with a word why, where the machine has no bubblewrap. One that has it and cannot use it fails. */
    public static void assumeBubblewrap() {
        assumeTrue(
                Stream.of("/usr/bin", "/bin", "/usr/local/bin")
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "bwrap"))),
                "bubblewrap is not installed (Debian and Ubuntu: apt-get install bubblewrap)");
    }

    static void assumePython() {
        assumeTrue(
                Files.isExecutable(Path.of(PYTHON)), "there is no " + PYTHON + ", in which these programs are written");
    }

    /** A program in Python. */
    static Job python(String source, Limits limits, String... arguments) {
        List<String> command = Stream.concat(Stream.of(PYTHON, "-B", "main.py"), Stream.of(arguments))
                .toList();
        return Job.of(command, List.of(Job.Given.text("main.py", source)), limits);
    }

    /** Limits that a test comes up against soon. */
    static Limits tight() {
        return Limits.STANDARD
                .withTime(Duration.ofSeconds(1))
                .withMemory(128 * MIB)
                .withOutput(1 * MIB)
                .withProcesses(24);
    }

    /** Processes of this machine, those in sandboxes too, with this word in their command line. */
    static List<Long> processesWith(String word) throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(id ->
                            commandLine(id).map(line -> line.contains(word)).orElse(false))
                    .toList();
        }
    }

    private static Optional<String> commandLine(long id) {
        try {
            return Optional.of(
                    Files.readString(Path.of("/proc", Long.toString(id), "cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) { // it has ended
            return Optional.empty();
        }
    }
}

package dev.distill.eval.sandbox;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One control group's folder and its files of numbers. */
record GroupFolder(Path folder) {
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long PAUSE_NS = 500_000;

    /** Who writes its id here is in the group, and so are its children. */
    Path door() {
        return folder.resolve("cgroup.procs");
    }

    void write(String file, long value) throws IOException {
        Files.writeString(folder.resolve(file), Long.toString(value));
    }

    void writeIfThere(String file, long value) throws IOException {
        if (Files.exists(folder.resolve(file))) {
            write(file, value);
        }
    }

    /** The file's one number; 0 where there is no such file, as in older kernels. */
    long number(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Long.parseLong(Files.readString(path).strip()) : 0;
    }

    /** The number after this word at the beginning of a line; 0 where there is none. */
    long counter(String file, String word) throws IOException {
        Path path = folder.resolve(file);
        if (Files.exists(path)) {
            for (String line : Files.readAllLines(path)) {
                if (line.startsWith(word + " ")) {
                    return Long.parseLong(line.substring(word.length() + 1).strip());
                }
            }
        }
        return 0;
    }

    /** The processes in it. */
    List<Long> processes() throws IOException {
        return Files.readAllLines(door()).stream().map(Long::valueOf).toList();
    }

    /** Ends all processes in it, those too that begin meanwhile. */
    void kill() throws IOException {
        long end = System.nanoTime() + PATIENCE_NS;
        for (List<Long> left = processes(); !left.isEmpty() && System.nanoTime() < end; left = processes()) {
            left.forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroyForcibly));
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Takes the group away, which the kernel allows once its last process is gone. */
    void close() throws IOException {
        long end = System.nanoTime() + PATIENCE_NS;
        while (true) {
            try {
                Files.deleteIfExists(folder);
                return;
            } catch (FileSystemException e) {
                if (System.nanoTime() > end) {
                    throw new SandboxException(
                            "sandbox: processes " + processes() + " of a program that has ended are alive in " + folder,
                            e);
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }
}

package dev.distill.eval.sandbox;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One program to run.
 *
 * @param command program and arguments, by the paths that the sandbox has; it starts in {@link Sandbox#WORK}
 * @param files that lie in {@link Sandbox#WORK} when it starts, {@link Launcher#FILES} at most
 * @param folders of this machine that it may read, each with the path under which it sees it
 * @param stdin what it reads
 * @param virtualMachine whether it asks for far more addresses than memory, as a JVM does
 */
public record Job(
        List<String> command,
        List<Given> files,
        Map<Path, String> folders,
        byte[] stdin,
        Limits limits,
        boolean virtualMachine) {
    /** A file that the program finds. */
    public record Given(String name, byte[] content, boolean executable) {
        public Given {
            if (!name.matches("[A-Za-z0-9_.-]{1,100}") || name.matches("\\.+")) {
                throw new IllegalArgumentException(
                        "sandbox: a file's name must be of letters, digits, '_', '.' and '-'; got " + name);
            }
        }

        public static Given text(String name, String text) {
            return new Given(name, text.getBytes(StandardCharsets.UTF_8), false);
        }
    }

    public Job {
        command = List.copyOf(command);
        files = List.copyOf(files);
        folders = Map.copyOf(folders);
        if (files.size() > Launcher.FILES) {
            throw new IllegalArgumentException(
                    "sandbox: a program is given at most " + Launcher.FILES + " files; got " + files.size());
        }
    }

    /** A program that reads nothing but its files. */
    public static Job of(List<String> command, List<Given> files, Limits limits) {
        return new Job(command, files, Map.of(), new byte[0], limits, false);
    }

    public Job withStdin(byte[] bytes) {
        return new Job(command, files, folders, bytes, limits, virtualMachine);
    }

    public Job withLimits(Limits newLimits) {
        return new Job(command, files, folders, stdin, newLimits, virtualMachine);
    }
}

package dev.distill.eval.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What bwrap says of the program it has started, apart from what the program says. It writes {@code child-pid} before the walls stand, and {@code
 * exit-code} when the program has ended, by a signal too (128 and its number), also where the kernel has killed the first process in the sandbox. It
 * writes no {@code exit-code} where a mount failed, where the program could not be started, or where it was killed itself.
 */
final class Status {
    static final String FILE = "status";

    private static final Pattern EXIT = Pattern.compile("\"exit-code\"\\s*:\\s*(\\d+)");

    private Status() {}

    /** With which the program ended; empty if it never began, or the sandbox ended before it. */
    static OptionalInt exitCode(Path room) throws IOException {
        Path file = room.resolve(FILE);
        String text = Files.exists(file) ? Files.readString(file) : "";
        return EXIT.matcher(text)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .findFirst();
    }
}

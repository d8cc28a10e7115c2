package dev.distill.eval.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What bwrap says of the program it has started, apart from what the program says.
 *
 * @param started whether the walls stood and the program began
 * @param exitCode if it ended before anybody ended the sandbox
 */
record Status(boolean started, OptionalInt exitCode) {
    static final String FILE = "status";

    private static final Pattern CHILD = Pattern.compile("\"child-pid\"\\s*:\\s*\\d+");
    private static final Pattern EXIT = Pattern.compile("\"exit-code\"\\s*:\\s*(\\d+)");

    static Status read(Path room) throws IOException {
        Path file = room.resolve(FILE);
        String text = Files.exists(file) ? Files.readString(file) : "";
        return new Status(
                CHILD.matcher(text).find(),
                EXIT.matcher(text)
                        .results()
                        .map(MatchResult::group)
                        .mapToInt(found -> Integer.parseInt(found.replaceAll("\\D", "")))
                        .findFirst());
    }
}

package dev.distill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This program as a process of its own, made of the classes that are being tested: what scripts/distill would start. */
public final class ChildJvm {
    private ChildJvm() {}

    /** The command that starts it with these words. */
    public static List<String> command(Stream<String> words) {
        return command("dev.distill.cli.Main", words);
    }

    /** The command that starts another main class of the classes that are being tested. */
    public static List<String> command(String main, Stream<String> words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx2g");
        command.addAll(List.of(System.getProperty("distill.jvm.flags").split(" ")));
        command.addAll(List.of(
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), main));
        words.forEach(command::add);
        return command;
    }

    /** A file that stands in the place of scripts/distill, for programs that call it. */
    public static Path script(Path folder) throws IOException {
        String java = command(Stream.of()).stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Path script = Files.writeString(folder.resolve("distill"), "#!/bin/sh\nexec " + java + " \"$@\"\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}

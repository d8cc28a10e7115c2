package dev.distill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This program as a process of its own, made of the classes that are being tested: what scripts/distill would start. */
public final class ChildJvm {
    private ChildJvm() {}

    /** The command that starts it with these words. */
    public static List<String> command(Stream<String> words) {
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "--add-modules=jdk.incubator.vector",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.distill.cli.Main");
        return Stream.concat(java, words).toList();
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

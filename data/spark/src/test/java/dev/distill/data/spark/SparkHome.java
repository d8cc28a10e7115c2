package dev.distill.data.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Spark distribution for tests: a folder with the jars that Spark's has, and none of ours or that only we need. */
final class SparkHome {
    /** Where SPARK_HOME points to in the tests' JVMs: data/spark/pom.xml. */
    static final Path FOLDER = Path.of(System.getenv().getOrDefault("SPARK_HOME", "target/spark-home"));

    private static final List<String> OTHERS =
            List.of("distill", "big-math", "tokenizers", "junit", "assertj", "jspecify", "opentest4j", "surefire");

    private SparkHome() {}

    /** Makes it where it is missing: of links to the jars of this class path. */
    static Path make() throws IOException {
        Path jars = Files.createDirectories(FOLDER.toAbsolutePath().resolve("jars"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry).toAbsolutePath();
            String name = String.valueOf(jar.getFileName());
            if (name.endsWith(".jar") && OTHERS.stream().noneMatch(name::contains)) {
                link(jars.resolve(name), jar);
            }
        }
        return FOLDER.toAbsolutePath();
    }

    private static void link(Path link, Path jar) throws IOException {
        try {
            Files.createSymbolicLink(link, jar);
        } catch (FileAlreadyExistsException e) {
            if (!Files.exists(link)) { // of a build on another machine
                Files.delete(link);
                Files.createSymbolicLink(link, jar);
            }
        }
    }
}

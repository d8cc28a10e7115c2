package dev.distill.eval.code;

import dev.distill.eval.sandbox.Job;
import dev.distill.eval.sandbox.Limits;
import dev.distill.eval.sandbox.Sandbox;
import dev.distill.eval.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What compiles and runs each language on this machine: found once, and tried in the sandbox before it is relied on. */
final class Toolchains {
    private static final List<String> FOLDERS = List.of("/usr/local/bin", "/usr/bin");
    private static final String JDK = "/opt/jdk";

    private final Sandbox sandbox;
    private final Path javaHome;
    private final Map<Language, Optional<Toolchain>> found = new ConcurrentHashMap<>();

    Toolchains(Sandbox sandbox) {
        this(sandbox, Path.of(System.getProperty("java.home")));
    }

    Toolchains(Sandbox sandbox, Path javaHome) {
        this.sandbox = sandbox;
        this.javaHome = javaHome;
    }

    /**
     * One language's.
     *
     * @param tool the interpreter or compiler; of Java the folder of its programs
     * @param folders of this machine that it needs in the sandbox
     */
    record Toolchain(String tool, Map<Path, String> folders) {}

    /** Empty where it is not there, or does not run in the sandbox. */
    Optional<Toolchain> of(Language language) {
        return found.computeIfAbsent(language, this::find);
    }

    /** How to get it, for a person. */
    static String missing(Language language) {
        return switch (language) {
            case PYTHON -> "no python3 in " + String.join(", ", FOLDERS) + " that runs in the sandbox";
            case CPP -> "no g++ or clang++ in " + String.join(", ", FOLDERS) + " that runs in the sandbox";
            case JAVA -> "this Java has no javac, or does not run in the sandbox";
        };
    }

    private Optional<Toolchain> find(Language language) {
        return switch (language) {
            case PYTHON -> tool(List.of("python3"));
            case CPP -> tool(List.of("g++", "clang++"));
            case JAVA -> jdk();
        };
    }

    private Optional<Toolchain> tool(List<String> names) {
        return names.stream()
                .flatMap(name -> FOLDERS.stream().map(folder -> folder + "/" + name))
                .filter(path -> Files.isExecutable(Path.of(path)) && runs(List.of(path, "--version"), Map.of()))
                .findFirst()
                .map(path -> new Toolchain(path, Map.of()));
    }

    /** The JDK that this program runs on. */
    private Optional<Toolchain> jdk() {
        if (!Files.isExecutable(javaHome.resolve("bin/javac"))) {
            return Optional.empty();
        }
        boolean visible = javaHome.startsWith("/usr");
        Map<Path, String> folders = visible ? Map.of() : Map.of(javaHome, JDK);
        String bin = (visible ? javaHome.toString() : JDK) + "/bin";
        return runs(List.of(bin + "/java", "-XX:+UseSerialGC", "-Xmx64m", "-version"), folders)
                ? Optional.of(new Toolchain(bin, folders))
                : Optional.empty();
    }

    private boolean runs(List<String> command, Map<Path, String> folders) {
        try {
            return sandbox.run(new Job(command, List.of(), folders, new byte[0], Limits.STANDARD, true))
                    .well();
        } catch (SandboxException e) {
            if (folders.isEmpty()) {
                throw e;
            }
            return false; // a folder that nobody but its owner may enter cannot be mounted
        }
    }
}

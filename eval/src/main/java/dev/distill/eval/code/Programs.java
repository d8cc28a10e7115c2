package dev.distill.eval.code;

import dev.distill.eval.code.Toolchains.Toolchain;
import dev.distill.eval.sandbox.Job;
import dev.distill.eval.sandbox.Job.Given;
import dev.distill.eval.sandbox.Limits;
import dev.distill.eval.sandbox.Ran;
import dev.distill.eval.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes programs of sources. Compilers run in a sandbox too, and hand the program out on stdout: nothing that an answer has had a hand in is looked
 * for in a folder of this machine.
 */
final class Programs {
    private static final long MIB = 1L << 20;

    /** Of a compiler. */
    private static final Limits COMPILING = Limits.STANDARD
            .withTime(Duration.ofSeconds(30))
            .withMemory(1024 * MIB)
            .withOutput(64 * MIB);

    /** What a JVM takes beside its heap, for which a program is not to blame: its limit of memory is higher by so much. */
    static final long JVM_BYTES = 128 * MIB;

    private static final int STACK_MIB = 64;
    private static final String HARNESS = harness();

    private final Sandbox sandbox;
    private final Toolchains toolchains;

    Programs(Sandbox sandbox, Toolchains toolchains) {
        this.sandbox = sandbox;
        this.toolchains = toolchains;
    }

    /** A program, or why there is none. */
    sealed interface Built {
        record Ready(Program program) implements Built {}

        record Failed(Finding finding) implements Built {}
    }

    /**
     * Makes one.
     *
     * @param called whether a harness calls into it, in place of its being started
     * @param limits under which it will run, in Java with {@link #JVM_BYTES}
     */
    Built build(Language language, String source, boolean called, Limits limits) {
        Optional<Toolchain> toolchain = toolchains.of(language);
        if (toolchain.isEmpty()) {
            return new Built.Failed(Finding.before(Reason.NO_TOOLCHAIN, Toolchains.missing(language)));
        }
        return switch (language) {
            case PYTHON -> new Built.Ready(python(toolchain.get(), source, called));
            case CPP -> cpp(toolchain.get(), source);
            case JAVA -> java(toolchain.get(), source, limits);
        };
    }

    private static Program python(Toolchain toolchain, String source, boolean called) {
        List<Given> files = new ArrayList<>(List.of(Given.text("main.py", source)));
        if (called) {
            files.add(Given.text("harness.py", HARNESS));
        }
        List<String> command = List.of(toolchain.tool(), "-B", "-X", "utf8", called ? "harness.py" : "main.py");
        return new Program(Language.PYTHON, command, files, toolchain.folders());
    }

    private Built cpp(Toolchain toolchain, String source) {
        String script = "\"$1\" -O2 -std=gnu++17 -pipe -o /tmp/program main.cpp >&2 && cat /tmp/program";
        Job job = compiling(script, List.of(toolchain.tool()), Given.text("main.cpp", source), toolchain, false);
        return compiled(
                sandbox.run(job),
                program -> new Program(
                        Language.CPP,
                        List.of("./program"),
                        List.of(new Given("program", program, true)),
                        toolchain.folders()));
    }

    private Built java(Toolchain toolchain, String source, Limits limits) {
        JavaSource names = JavaSource.of(source);
        String script = """
                mkdir /tmp/classes && "$1/javac" -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -J-Xmx512m -J-XX:-UsePerfData \
                -proc:none -nowarn -encoding UTF-8 -d /tmp/classes "$2" >&2 && tar -C /tmp/classes -cf - .""";
        String file = names.type() + ".java";
        Job job = compiling(script, List.of(toolchain.tool(), file), Given.text(file, source), toolchain, true);
        long heap = Math.max(16, (limits.memoryBytes() - JVM_BYTES) / MIB);
        String start = """
                tar -xf classes.tar -C /tmp && exec "$1/java" -XX:+UseSerialGC -Xmx"$2"m -Xss"$3"m -XX:-UsePerfData \
                -XX:ActiveProcessorCount=2 -XX:ReservedCodeCacheSize=48m -XX:CompressedClassSpaceSize=48m \
                -XX:+DisplayVMOutputToStderr -XX:+ExitOnOutOfMemoryError -cp /tmp "$4\"""";
        List<String> command = List.of(
                "/bin/sh",
                "-c",
                start,
                "sh",
                toolchain.tool(),
                Long.toString(heap),
                Integer.toString(STACK_MIB),
                names.main());
        return compiled(
                sandbox.run(job),
                classes -> new Program(
                        Language.JAVA,
                        command,
                        List.of(new Given("classes.tar", classes, false)),
                        toolchain.folders()));
    }

    private static Job compiling(
            String script, List<String> arguments, Given source, Toolchain toolchain, boolean virtualMachine) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        command.addAll(arguments);
        return new Job(command, List.of(source), toolchain.folders(), new byte[0], COMPILING, virtualMachine);
    }

    private interface Wrapping {
        Program of(byte[] compiled);
    }

    private static Built compiled(Ran ran, Wrapping wrapping) {
        if (ran.well()) {
            return new Built.Ready(wrapping.of(ran.stdout()));
        }
        String detail = ran.ended() == Ran.Ended.ITSELF
                ? ran.err()
                        .lines()
                        .filter(line -> line.contains("error"))
                        .findFirst()
                        .orElse(ran.err())
                : "the compiler met its "
                        + ran.ended().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Built.Failed(Finding.before(Reason.COMPILE_ERROR, detail));
    }

    private static String harness() {
        try (InputStream in = Programs.class.getResourceAsStream("harness.py")) {
            if (in == null) {
                throw new IllegalStateException("no harness.py beside this class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

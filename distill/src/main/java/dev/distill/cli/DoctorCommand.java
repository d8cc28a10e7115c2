package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.ComputeChoice;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.cpu.MatmulProbe;
import dev.distill.student.ops.cpu.MatmulRates;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.Processor;
import dev.distill.train.Computing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code distill doctor}: what this machine has, and what of it will be used. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "What this machine has, and what of it will be used.",
            "Java, processor, native libraries, speed of matrix products, memory, disk, GPU."
        },
        footer = {"", "Example:", "  distill doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MIB = 1L << 20;

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        ObjectNode report = JSON.createObjectNode()
                .put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")")
                .put("processor", Processor.here().model())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("isa", Processor.here().isa());
        try (Ops ops = new CpuOps()) {
            ObjectNode backend = report.putObject("backend");
            backend.put("name", "CpuOps")
                    .put("what", ops.describe())
                    .put("why", "the only backend that is made for speed; the reference backend (NdOps) serves tests")
                    .put("nd4j", nd4j());
        }
        MatmulRates rates = new MatmulProbe(Runtime.getRuntime().availableProcessors()).measure();
        rates(report.putObject("matmul_gflops"), rates);
        ComputeChoice choice = ComputeChoice.of(rates);
        report.putObject("compute")
                .put("training", Computing.name(choice.type()))
                .put("why", choice.why())
                .put(
                        "note",
                        "the processor decides which type is faster; int8 (10^9 operations a second too) is taken only where"
                                + " it is asked for");
        memory(report.putObject("memory_mib"));
        report.putObject("disk_mib")
                .put("free", Files.getFileStore(Path.of("").toAbsolutePath()).getUsableSpace() / MIB);
        report.put("gpu", gpu());
        console.print(Figures.text(report));
        console.result(report);
        return ExitCode.DONE;
    }

    /** Best of a few products of 1024 x 896 x 4864; null for a type that this machine has no product of. */
    private static void rates(ObjectNode gflops, MatmulRates rates) {
        for (Compute type : Compute.values()) {
            OptionalDouble rate = rates.of(type);
            if (rate.isPresent()) {
                gflops.put(Computing.name(type), Math.round(10 * rate.getAsDouble()) / 10.0);
            } else {
                gflops.putNull(Computing.name(type));
            }
        }
    }

    private static String nd4j() {
        try {
            NativeChoice choice = NativeChoice.load();
            return choice.platform() + choice.extension();
        } catch (UnsupportedOperationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void memory(ObjectNode memory) {
        memory.put("heap_limit", Runtime.getRuntime().maxMemory() / MIB);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            memory.put("total", system.getTotalMemorySize() / MIB).put("free", system.getFreeMemorySize() / MIB);
        }
    }

    /** The first card of NVIDIA's driver, which lists them as files. */
    private static String gpu() throws IOException {
        Path cards = Path.of("/proc/driver/nvidia/gpus");
        if (!Files.isDirectory(cards)) {
            return "none";
        }
        try (Stream<Path> folders = Files.list(cards)) {
            for (Path folder : folders.sorted().toList()) {
                for (String line : Files.readAllLines(folder.resolve("information"))) {
                    if (line.startsWith("Model:")) {
                        return line.substring("Model:".length()).strip() + " (not used: no backend for it yet)";
                    }
                }
            }
        }
        return "none";
    }
}

package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
    private static final int SIZE = 1024;
    private static final int LEAST_CALLS = 5;
    private static final long PROBE_NANOS = 500_000_000L;

    /** Instructions that decide which kernels are fast. */
    private static final Set<String> TELLING = Set.of(
            "avx2",
            "fma",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx_vnni",
            "avx512_bf16",
            "amx_tile",
            "amx_bf16",
            "amx_int8");

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Override
    public Integer call() throws IOException {
        Console console = options.console();
        ObjectNode report = JSON.createObjectNode()
                .put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")")
                .put("processor", processor())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("isa", isa());
        try (Ops ops = new CpuOps()) {
            ObjectNode backend = report.putObject("backend");
            backend.put("name", "CpuOps")
                    .put("what", ops.describe())
                    .put("why", "the only backend that is made for speed; the reference backend (NdOps) serves tests")
                    .put("nd4j", nd4j());
            ObjectNode rate = report.putObject("matmul_gflops");
            rate.put("float", gflops(ops));
            rate.putNull("bfloat16");
            rate.putNull("int8");
            report.put(
                    "matmul_note",
                    "products of 1024 x 1024; bfloat16 and int8: the backend has no product of these types; such weights"
                            + " are widened to float when they are loaded");
        }
        memory(report.putObject("memory_mib"));
        report.putObject("disk_mib")
                .put("free", Files.getFileStore(Path.of("").toAbsolutePath()).getUsableSpace() / MIB);
        report.put("gpu", gpu());
        console.print(Figures.text(report));
        console.result(report);
        return ExitCode.DONE;
    }

    /** Floating-point operations a second, in units of 10^9, of {@code y = x wᵀ}: the best of many, after a warm-up. */
    private static double gflops(Ops ops) {
        try (Arena arena = Arena.ofShared()) {
            Tensor x = Tensor.allocate(arena, DType.FLOAT, SIZE, SIZE);
            Tensor w = Tensor.allocate(arena, DType.FLOAT, SIZE, SIZE);
            Tensor y = Tensor.allocate(arena, DType.FLOAT, SIZE, SIZE);
            ops.fill(x, 1);
            long best = Long.MAX_VALUE;
            long until = System.nanoTime() + PROBE_NANOS;
            for (int call = 0; call < LEAST_CALLS || System.nanoTime() < until; call++) { // the first loads the library
                long begin = System.nanoTime();
                ops.linear(y, x, w, 0);
                best = Math.min(best, System.nanoTime() - begin);
            }
            return Math.round(10.0 * 2 * SIZE * SIZE * SIZE / best) / 10.0;
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

    private static String processor() throws IOException {
        return cpuinfo("model name").stream().findFirst().orElse(System.getProperty("os.arch"));
    }

    private static String isa() throws IOException {
        Set<String> known = new TreeSet<>();
        cpuinfo("flags").stream()
                .limit(1)
                .flatMap(flags -> Arrays.stream(flags.split(" ")))
                .filter(TELLING::contains)
                .forEach(known::add);
        return System.getProperty("os.arch") + (known.isEmpty() ? "" : " " + String.join(" ", known));
    }

    private static List<String> cpuinfo(String key) throws IOException {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.exists(file)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .toList();
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

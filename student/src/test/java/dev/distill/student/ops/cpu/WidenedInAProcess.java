package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Widens a matrix in NF4, whose last block is not full, and prints how wide this process's vectors are, in bytes, and a hash of the numbers. */
final class WidenedInAProcess {
    private WidenedInAProcess() {}

    public static void main(String[] args) {
        System.out.print(Floats.LANES * Float.BYTES + " " + hash());
    }

    static int hash() {
        try (Arena arena = Arena.ofShared();
                Ops ops = new CpuOps(1)) {
            Tensor w = Tensor.allocate(arena, DType.FLOAT, 301, 97);
            Random random = new Random(73);
            for (long i = 0; i < w.size(); i++) {
                w.set(i, (float) random.nextGaussian());
            }
            Tensor q = Tensor.allocateNormalFloats(arena, 301, 97);
            ops.copy(q, w);
            ops.copy(w, q);
            return Arrays.hashCode(w.toArray());
        }
    }

    /** What such a process prints. @param flags of its JVM */
    static String run(List<String> flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WidenedInAProcess.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }
}

package dev.distill.student.model;

import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains, and prints how much memory the process has after every few steps. A program of its own: a JVM whose heap is fixed and touched from the
 * start grows by native memory only.
 */
public final class MemoryOfSteps {
    private static final long SEED = 20261126;

    /** Of a width at which a step's activations take a few megabytes. */
    private static final ModelConfig CONFIG = new ModelConfig(
            new Family.Qwen3(),
            TinyModels.VOCABULARY,
            64,
            2,
            new AttentionShape(4, 2, 16, false, false, true),
            160,
            Rope.of(100),
            1e-5,
            true,
            256,
            List.of(0));

    private MemoryOfSteps() {}

    /** @param args steps before the first line, steps between two lines, lines */
    public static void main(String[] args) throws IOException {
        try (Ops ops = new CpuOps(2);
                Arena arena = Arena.ofConfined();
                ModelWeights weights = TinyModels.weights(CONFIG, SEED);
                Decoder model = new Decoder(ops, weights);
                Optimizer optimizer = new Optimizer(ops, model.trained(), AdamWSettings.DEFAULT)) {
            TrainStep step = new TrainStep(model, optimizer);
            LargeProduct product = new LargeProduct(arena);
            int done = 0;
            for (int line = 0; line < Integer.parseInt(args[2]); line++) {
                int until = Integer.parseInt(args[0]) + line * Integer.parseInt(args[1]);
                for (; done < until; done++) {
                    step.run(rows(done), 1e-3);
                    product.run(ops);
                }
                System.out.println(model.reservedBytes() + " " + anonymousBytes());
            }
        }
    }

    /** Packed rows of changing lengths, as a trainer has them, the longest of them first. */
    private static List<PackedRow> rows(int step) {
        int shorter = step * 37 % 100;
        return List.of(TinyModels.row(SEED + step, 140 - shorter, 60), TinyModels.row(SEED - step, 30, 170 - shorter));
    }

    /** One that goes to oneDNN where there is one: its wrappers are native memory of another owner. */
    private static final class LargeProduct {
        private final Tensor x;
        private final Tensor w;
        private final Tensor y;

        LargeProduct(Arena arena) {
            x = Tensor.allocate(arena, DType.FLOAT, 650, 610);
            w = Tensor.allocate(arena, DType.FLOAT, 701, 610);
            y = Tensor.allocate(arena, DType.FLOAT, 650, 701);
        }

        void run(Ops ops) {
            ops.linear(y, x, w, 0);
        }
    }

    /** Memory of this process that no file backs, as Linux counts it. */
    static long anonymousBytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(l -> l.startsWith("RssAnon:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
    }
}

package dev.distill.bench;

import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.ComputeChoice;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.util.Locale;

/**
 * What a model is computed with. The one place where a compute type becomes operations and weights.
 *
 * @param type what large products multiply
 * @param threads how many compute, at least 1
 */
public record Computing(Compute type, int threads) {
    public Computing {
        if (!ComputeChoice.isSupported(type)) {
            throw new IllegalArgumentException(
                    "compute " + name(type) + ": the CPU backend computes in float alone so far; give float or auto");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
    }

    /** Operations of this type. The caller closes them. */
    public Ops ops() {
        return new CpuOps(threads);
    }

    /** A stored model's weights, as these operations take them. The caller closes them, before {@code stored}. */
    public ModelWeights load(StoredWeights stored, Ops ops, ModelWeights.Use use) throws IOException {
        return ModelWeights.load(stored.config(), stored, ops, use);
    }

    /** The type in the words of the command line: {@code bfloat16}. */
    public static String name(Compute type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}

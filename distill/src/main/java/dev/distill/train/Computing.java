package dev.distill.train;

import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.ComputeChoice;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.student.ops.cpu.MatmulProbe;
import dev.distill.student.tensor.DType;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.util.Locale;

/**
 * What a model is computed with. The one place where a compute type becomes operations and weights.
 *
 * @param type what large products multiply
 * @param floating FLOAT or BFLOAT16: the type of activations, and of the products that stay out of INT8
 * @param threads how many compute, at least 1
 */
public record Computing(Compute type, DType floating, int threads) {
    public Computing {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, got " + threads);
        }
    }

    /** With INT8 what else there is to compute goes in the type that this machine was found to be faster in. */
    public static Computing of(Compute type, int threads) {
        Compute floating = type == Compute.INT8 ? fastest(threads).type() : type;
        return new Computing(type, floating == Compute.FLOAT ? DType.FLOAT : DType.BFLOAT16, threads);
    }

    /** The faster of FLOAT and BFLOAT16 on this machine, which is measured the first time. */
    public static ComputeChoice fastest(int threads) {
        return ComputeChoice.of(new MatmulProbe(threads).rates());
    }

    /** Operations of this type. The caller closes them. */
    public Ops ops() {
        return new CpuOps(threads, type, floating);
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

package dev.distill.student.layer;

import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One weight of the model, and the place where its gradient gathers while it is trained.
 *
 * @param name Hugging Face's, or PEFT's for an adapter
 * @param value the weight
 * @param gradient of the same shape, FLOAT, zeros before the first micro-batch of a step; null where the weight is frozen
 * @param rounded a copy of a trained weight in the type that products multiply; null where they multiply the weight itself
 * @param eightBits an INT8 copy of the output head, from which logits are computed; null where they come from {@link #factor}
 */
public record Parameter(
        String name,
        Tensor value,
        @Nullable Tensor gradient,
        @Nullable Tensor rounded,
        @Nullable Tensor eightBits) {

    public Parameter {
        if (gradient != null && !Arrays.equals(gradient.shape(), value.shape())) {
            throw new IllegalArgumentException(
                    name + ": a gradient needs the weight's shape, got " + gradient + " for " + value);
        }
    }

    /** A weight that is used as it is. */
    public static Parameter frozen(String name, Tensor value) {
        return new Parameter(name, value, null, null, null);
    }

    /** A weight that is trained; its gradient is owned by {@code arena}. */
    public static Parameter trained(String name, Tensor value, Arena arena) {
        return new Parameter(name, value, Tensor.allocate(arena, value.type(), value.shape()), null, null);
    }

    /** The same weight with a copy for products, which {@link #refresh} fills. */
    public Parameter withRounded(Tensor copy) {
        return new Parameter(name, value, gradient, copy, eightBits);
    }

    /** The same weight with an INT8 copy for logits, which {@link #refresh} fills. */
    public Parameter withEightBits(Tensor copy) {
        return new Parameter(name, value, gradient, rounded, copy);
    }

    /** What a matrix product multiplies. */
    public Tensor factor() {
        return rounded == null ? value : rounded;
    }

    /** What the logits of an output head are computed from. */
    public Tensor logitFactor() {
        return eightBits == null ? factor() : eightBits;
    }

    /** Brings the copies up to date after the weight has changed. */
    public void refresh(Ops ops) {
        if (rounded != null) {
            ops.copy(rounded, value);
        }
        if (eightBits != null) {
            ops.copy(eightBits, value);
        }
    }

    public boolean isTrained() {
        return gradient != null;
    }

    /** Weight decay is for matrices; norms and biases, which are vectors, go without. */
    public boolean decays() {
        return value.rank() > 1;
    }
}

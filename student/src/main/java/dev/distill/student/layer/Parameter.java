package dev.distill.student.layer;

import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One weight of the model, and the place where its gradient gathers while it is trained.
 *
 * @param name Hugging Face's, or PEFT's for an adapter
 * @param value the weight; SPLIT where it is trained and multiplied in BFLOAT16
 * @param gradient of the same shape, FLOAT, zeros before the first micro-batch of a step; null where the weight is frozen
 * @param eightBits a copy for products in INT8; null where they multiply the weight itself
 * @param rateFactor its learning rate as a multiple of the schedule's, above 0; 1 for most
 */
public record Parameter(
        String name,
        Tensor value,
        @Nullable Tensor gradient,
        @Nullable Tensor eightBits,
        double rateFactor) {

    public Parameter {
        if (gradient != null && !Arrays.equals(gradient.shape(), value.shape())) {
            throw new IllegalArgumentException(
                    name + ": a gradient needs the weight's shape, got " + gradient + " for " + value);
        }
        if (!(rateFactor > 0) || Double.isInfinite(rateFactor)) {
            throw new IllegalArgumentException(name + ": a rate factor must be above 0, got " + rateFactor);
        }
    }

    /** A weight that is used as it is. */
    public static Parameter frozen(String name, Tensor value) {
        return new Parameter(name, value, null, null, 1);
    }

    /** A weight that is trained; its gradient is owned by {@code arena}. */
    public static Parameter trained(String name, Tensor value, Arena arena) {
        return new Parameter(name, value, Tensor.allocate(arena, DType.FLOAT, value.shape()), null, 1);
    }

    /** The same weight in this place and type. */
    public Parameter withValue(Tensor other) {
        return new Parameter(name, other, gradient, eightBits, rateFactor);
    }

    /** The same weight with an INT8 copy, which {@link #refresh} fills. */
    public Parameter withEightBits(Tensor copy) {
        return new Parameter(name, value, gradient, copy, rateFactor);
    }

    /** The same weight with another learning rate: this multiple of the schedule's. */
    public Parameter withRateFactor(double factor) {
        return new Parameter(name, value, gradient, eightBits, factor);
    }

    /** What products of FLOAT and BFLOAT16 multiply: the weight, or its upper halves. */
    public Tensor floating() {
        return value.type() == DType.SPLIT ? value.upper() : value;
    }

    /** What a linear layer multiplies, and what logits are computed from. */
    public Tensor factor() {
        return eightBits == null ? floating() : eightBits;
    }

    /** Brings the copy up to date after the weight has changed. */
    public void refresh(Ops ops) {
        if (eightBits != null) {
            ops.copy(eightBits, floating());
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

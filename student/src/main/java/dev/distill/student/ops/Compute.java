package dev.distill.student.ops;

/**
 * The type of the numbers that large matrix products multiply. Sums are kept in FLOAT (INT32 for INT8) in all of them; what lies between the
 * products (norms, softmax, the residual stream, the optimizer) is FLOAT always.
 */
public enum Compute {
    /** Everything in binary32: the semantics that the others approximate. */
    FLOAT,
    /** Inputs of products rounded to bfloat16, activations between products stored in it. */
    BFLOAT16,
    /**
     * Forward and input gradients of the linear layers in eight bits: weights quantised per output channel, activations per row. The head's
     * input gradient and all weight gradients are computed as in {@link #BFLOAT16} or {@link #FLOAT}, as whoever makes the operations says.
     */
    INT8
}

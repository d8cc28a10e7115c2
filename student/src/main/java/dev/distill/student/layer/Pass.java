package dev.distill.student.layer;

import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * What one pass through the layers shares.
 *
 * @param ops computes
 * @param memory where activations and gradients of activations come from; the caller holds a scope of it open
 * @param brief memory of activations that die within the method that makes them; the method opens a scope of it
 * @param positions_N each row's place in its sequence, from 0
 * @param derived what earlier passes computed from the same weights; null where each pass may have others
 */
public record Pass(
        Ops ops,
        Workspace memory,
        Workspace brief,
        int[] positions_N,
        @Nullable Derived derived) {

    /** An activation, or the gradient of one, in the type that {@code ops} stores them in; contents undefined. */
    public Tensor activation(int... shape) {
        return memory.allocate(ops.activations(), shape);
    }

    /** A FLOAT tensor with undefined contents that lives as long as the scope that is open now. */
    public Tensor floats(int... shape) {
        return memory.floats(shape);
    }
}

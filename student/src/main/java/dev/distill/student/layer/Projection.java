package dev.distill.student.layer;

import dev.distill.student.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A linear map from I to O numbers a row: a plain {@link Linear}, or one with an adapter around it. */
public interface Projection {

    /** I. */
    int inputs();

    /** O. */
    int outputs();

    /** All weights, frozen ones too. */
    List<Parameter> parameters();

    /**
     * What the backward needs, and the result.
     *
     * @param down_NR of an adapter: the input in its low rank; null where there is none
     */
    record Saved(Tensor x_NI, @Nullable Tensor down_NR, Tensor y_NO) {}

    /** forward: {@code x_NI -> y_NO}. */
    Saved forward(Pass pass, Tensor x_NI);

    /** backward: {@code dx_NI = gradient by the input + beta dx_NI}; gradients of the trained weights are added to. */
    void backward(Pass pass, Saved saved, Tensor dx_NI, float beta, Tensor dy_NO);
}

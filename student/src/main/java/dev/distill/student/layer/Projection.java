package dev.distill.student.layer;

import dev.distill.student.tensor.Tensor;
import java.util.List;

/** A linear map from I to O numbers a row: a plain {@link Linear}, or one with an adapter around it. */
public interface Projection {

    /** I. */
    int inputs();

    /** O. */
    int outputs();

    /** All weights, frozen ones too. */
    List<Parameter> parameters();

    /** forward: {@code x_NI -> y_NO}. */
    Tensor forward(Pass pass, Tensor x_NI);

    /**
     * backward: {@code dx_NI = gradient by the input + beta dx_NI}; gradients of the trained weights are added to.
     *
     * @param x_NI what the forward was given
     */
    void backward(Pass pass, Tensor dx_NI, float beta, Tensor dy_NO, Tensor x_NI);
}

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
     * @param scaled of an adapter with a magnitude; null where there is none
     */
    record Saved(
            Tensor x_NI, @Nullable Tensor down_NR, @Nullable Scaled scaled, Tensor y_NO) {
        /** The same where the input was not kept and has been computed again. */
        Saved withInput(Tensor again_NI) {
            return new Saved(again_NI, down_NR, scaled, y_NO);
        }
    }

    /**
     * Of {@code y = c u + b}: what is scaled, and by what.
     *
     * @param norm_O what the magnitudes were divided by to give c_O
     */
    record Scaled(Tensor u_NO, Tensor c_O, Tensor norm_O) {}

    /** forward: {@code y_NO = projection of x_NI + beta y_NO}. */
    Saved forward(Pass pass, Tensor x_NI, Tensor y_NO, float beta);

    /** forward: {@code x_NI -> y_NO}. */
    default Saved forward(Pass pass, Tensor x_NI) {
        return forward(pass, x_NI, pass.activation(x_NI.rows(), outputs()), 0);
    }

    /** forward of several projections of one input; plain ones are computed together. */
    static List<Saved> forward(Pass pass, Tensor x_NI, List<Projection> projections) {
        return projections.stream().allMatch(Linear.class::isInstance)
                ? Linear.forward(
                        pass, x_NI, projections.stream().map(Linear.class::cast).toList())
                : projections.stream().map(each -> each.forward(pass, x_NI)).toList();
    }

    /** backward: {@code dx_NI = gradient by the input + beta dx_NI}; gradients of the trained weights are added to. */
    void backward(Pass pass, Saved saved, Tensor dx_NI, float beta, Tensor dy_NO);
}

package dev.distill.student.layer;

import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;

/** {@code y = w x / sqrt(mean(x²) + eps)} over the last dimension (arXiv:1910.07467). */
public final class RmsNorm {
    private final Parameter w_C;
    private final float epsilon;

    public RmsNorm(Parameter w_C, double epsilon) {
        this.w_C = w_C;
        this.epsilon = (float) epsilon;
    }

    public Parameter weight() {
        return w_C;
    }

    /** What the backward needs, and the result. */
    public record Saved(Tensor x_NC, Tensor rstd_N, Tensor y_NC) {}

    /** forward: {@code x_NC -> y_NC}; with {@code x_NHD} it is the norm of each head. */
    public Saved forward(Pass pass, Tensor x_NC) {
        return forward(pass, x_NC, pass.memory());
    }

    /** forward, the result being taken from {@code memory}. */
    Saved forward(Pass pass, Tensor x_NC, Workspace memory) {
        Tensor y_NC = memory.allocate(pass.ops().activations(), x_NC.shape());
        Saved saved = new Saved(x_NC, pass.floats(x_NC.rows()), y_NC);
        pass.ops().rmsNorm(saved.y_NC, saved.rstd_N, x_NC, w_C.value(), epsilon);
        return saved;
    }

    /** backward: {@code dy_NC -> dx_NC}. */
    public Tensor backward(Pass pass, Saved saved, Tensor dy_NC) {
        Tensor dx_NC = pass.memory().allocate(saved.x_NC.type(), saved.x_NC.shape());
        // y = w x rstd
        pass.ops().rmsNormBackward(dx_NC, w_C.gradient(), dy_NC, saved.x_NC, w_C.value(), saved.rstd_N);
        return dx_NC;
    }
}

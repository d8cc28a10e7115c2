package dev.distill.student.layer;

import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The gated MLP (arXiv:2002.05202): {@code y_NC = (silu(x Wgᵀ) * (x Wuᵀ)) Wdᵀ}. */
public final class Mlp {
    private final Projection gate;
    private final Projection up;
    private final Projection down;

    /** Gate and up {@code [F, C]}, down {@code [C, F]}. */
    public Mlp(Projection gate, Projection up, Projection down) {
        this.gate = gate;
        this.up = up;
        this.down = down;
    }

    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        Stream.of(gate, up, down).forEach(p -> all.addAll(p.parameters()));
        return all;
    }

    /** What the backward needs, and the result. */
    public record Saved(Tensor x_NC, Tensor gate_NF, Tensor up_NF, Tensor inner_NF, Tensor y_NC) {}

    /** forward: {@code x_NC -> y_NC}. */
    public Saved forward(Pass pass, Tensor x_NC) {
        Tensor gate_NF = gate.forward(pass, x_NC);
        Tensor up_NF = up.forward(pass, x_NC);
        Tensor inner_NF = pass.activation(gate_NF.shape());
        pass.ops().swiGlu(inner_NF, gate_NF, up_NF);
        return new Saved(x_NC, gate_NF, up_NF, inner_NF, down.forward(pass, inner_NF));
    }

    /** backward: {@code dy_NC -> dx_NC}; overwrites the saved gate and up with their gradients. */
    public Tensor backward(Pass pass, Saved saved, Tensor dy_NC) {
        // y = inner Wdᵀ
        Tensor dinner_NF = pass.activation(saved.inner_NF.shape());
        down.backward(pass, dinner_NF, 0, dy_NC, saved.inner_NF);
        // inner = silu(gate) * up
        Tensor dgate_NF = saved.gate_NF;
        Tensor dup_NF = saved.up_NF;
        pass.ops().swiGluBackward(dgate_NF, dup_NF, dinner_NF, saved.gate_NF, saved.up_NF);
        // gate, up = x Wgᵀ, x Wuᵀ
        Tensor dx_NC = pass.floats(saved.x_NC.shape());
        gate.backward(pass, dx_NC, 0, dgate_NF, saved.x_NC);
        up.backward(pass, dx_NC, 1, dup_NF, saved.x_NC);
        return dx_NC;
    }
}

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
    public record Saved(Projection.Saved gate, Projection.Saved up, Projection.Saved down) {
        Tensor x_NC() {
            return gate.x_NI();
        }

        Tensor inner_NF() {
            return down.x_NI();
        }

        Tensor y_NC() {
            return down.y_NO();
        }
    }

    /** forward: {@code x_NC -> y_NC}. */
    public Saved forward(Pass pass, Tensor x_NC) {
        Projection.Saved gated = gate.forward(pass, x_NC);
        Projection.Saved upped = up.forward(pass, x_NC);
        Tensor inner_NF = pass.activation(gated.y_NO().shape());
        pass.ops().swiGlu(inner_NF, gated.y_NO(), upped.y_NO());
        return new Saved(gated, upped, down.forward(pass, inner_NF));
    }

    /** backward: {@code dy_NC -> dx_NC}; overwrites the saved gate and up with their gradients. */
    public Tensor backward(Pass pass, Saved saved, Tensor dy_NC) {
        // y = inner Wdᵀ
        Tensor dinner_NF = pass.activation(saved.inner_NF().shape());
        down.backward(pass, saved.down, dinner_NF, 0, dy_NC);
        // inner = silu(gate) * up
        Tensor dgate_NF = saved.gate.y_NO();
        Tensor dup_NF = saved.up.y_NO();
        pass.ops().swiGluBackward(dgate_NF, dup_NF, dinner_NF, saved.gate.y_NO(), saved.up.y_NO());
        // gate, up = x Wgᵀ, x Wuᵀ
        Tensor dx_NC = pass.floats(saved.x_NC().shape());
        gate.backward(pass, saved.gate, dx_NC, 0, dgate_NF);
        up.backward(pass, saved.up, dx_NC, 1, dup_NF);
        return dx_NC;
    }
}

package dev.distill.student.layer;

import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
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

    /** What the backward needs: not the input, nor the inner activation, which is large and quickly computed again. */
    public record Saved(Projection.Saved gate, Projection.Saved up, Projection.Saved down) {}

    /** forward: {@code y_NC += mlp(x_NC)}. */
    public Saved forward(Pass pass, Tensor x_NC, Tensor y_NC) {
        List<Projection.Saved> both = Projection.forward(pass, x_NC, List.of(gate, up));
        Projection.Saved gated = both.get(0);
        Projection.Saved upped = both.get(1);
        try (Workspace.Scope within = pass.brief().open()) {
            Tensor inner_NF = inner(pass, gated, upped);
            return new Saved(gated, upped, down.forward(pass, inner_NF, y_NC, 1));
        }
    }

    private static Tensor inner(Pass pass, Projection.Saved gate, Projection.Saved up) {
        Tensor inner_NF =
                pass.brief().allocate(pass.ops().activations(), gate.y_NO().shape());
        pass.ops().swiGlu(inner_NF, gate.y_NO(), up.y_NO());
        return inner_NF;
    }

    /**
     * backward: {@code dy_NC -> dx_NC}; overwrites the saved gate and up with their gradients.
     *
     * @param x_NC the forward's input
     */
    public Tensor backward(Pass pass, Saved saved, Tensor x_NC, Tensor dy_NC) {
        // y = inner Wdᵀ
        Tensor dinner_NF = pass.activation(saved.gate.y_NO().shape());
        try (Workspace.Scope within = pass.brief().open()) {
            Tensor inner_NF = inner(pass, saved.gate, saved.up);
            down.backward(pass, saved.down.withInput(inner_NF), dinner_NF, 0, dy_NC);
        }
        // inner = silu(gate) * up
        Tensor dgate_NF = saved.gate.y_NO();
        Tensor dup_NF = saved.up.y_NO();
        pass.ops().swiGluBackward(dgate_NF, dup_NF, dinner_NF, saved.gate.y_NO(), saved.up.y_NO());
        // gate, up = x Wgᵀ, x Wuᵀ
        Tensor dx_NC = pass.floats(x_NC.shape());
        gate.backward(pass, saved.gate.withInput(x_NC), dx_NC, 0, dgate_NF);
        up.backward(pass, saved.up.withInput(x_NC), dx_NC, 1, dup_NF);
        return dx_NC;
    }
}

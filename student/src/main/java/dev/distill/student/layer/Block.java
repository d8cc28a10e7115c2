package dev.distill.student.layer;

import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer of the decoder: {@code x_NC -> y_NC}.
 *
 * <pre>
 * h = x + attention(norm1(x))
 * y = h + mlp(norm2(h))
 * </pre>
 */
public final class Block {
    private final RmsNorm norm1;
    private final SelfAttention attention;
    private final RmsNorm norm2;
    private final Mlp mlp;

    public Block(RmsNorm norm1, SelfAttention attention, RmsNorm norm2, Mlp mlp) {
        this.norm1 = norm1;
        this.attention = attention;
        this.norm2 = norm2;
        this.mlp = mlp;
    }

    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        all.add(norm1.weight());
        all.addAll(attention.parameters());
        all.add(norm2.weight());
        all.addAll(mlp.parameters());
        return all;
    }

    /** What the backward needs, and the result; not the outputs of the norms, which are quickly computed again. */
    public record Saved(
            RmsNorm.Saved norm1, SelfAttention.Saved attention, RmsNorm.Saved norm2, Mlp.Saved mlp, Tensor y_NC) {}

    /** forward: {@code x_NC -> y_NC}, each sequence for itself. */
    public Saved forward(Pass pass, Tensor x_NC, Sequences sequences) {
        try (Workspace.Scope within = pass.brief().open()) {
            RmsNorm.Saved n1 = norm1.forward(pass, x_NC, pass.brief());
            Tensor h_NC = copy(pass, x_NC);
            SelfAttention.Saved a = attention.forward(pass, n1.y_NC(), h_NC, sequences);
            RmsNorm.Saved n2 = norm2.forward(pass, h_NC, pass.brief());
            Tensor y_NC = copy(pass, h_NC);
            return new Saved(n1, a, n2, mlp.forward(pass, n2.y_NC(), y_NC), y_NC);
        }
    }

    /** backward, in place: {@code d_NC} is dy on entry and dx on return. */
    public void backward(Pass pass, Saved saved, Tensor d_NC) {
        // y = h + mlp(norm2(h))
        Tensor n2_NC = norm2.forward(pass, saved.norm2.x_NC()).y_NC();
        Tensor dn2_NC = mlp.backward(pass, saved.mlp, n2_NC, d_NC);
        pass.ops().add(d_NC, d_NC, norm2.backward(pass, saved.norm2, dn2_NC));
        // h = x + attention(norm1(x))
        Tensor n1_NC = norm1.forward(pass, saved.norm1.x_NC()).y_NC();
        Tensor dn1_NC = attention.backward(pass, saved.attention, n1_NC, d_NC);
        pass.ops().add(d_NC, d_NC, norm1.backward(pass, saved.norm1, dn1_NC));
    }

    /** One new position for each of B sequences: {@code x_BC -> y_BC}. */
    public Tensor decode(Pass pass, Tensor x_BC, KvCache cache, CacheStep step) {
        Tensor y_BC = copy(pass, x_BC);
        attention.decode(pass, norm1.forward(pass, x_BC).y_NC(), y_BC, cache, step);
        mlp.forward(pass, norm2.forward(pass, y_BC).y_NC(), y_BC);
        return y_BC;
    }

    private static Tensor copy(Pass pass, Tensor x_NC) {
        Tensor y_NC = pass.floats(x_NC.shape());
        pass.ops().copy(y_NC, x_NC);
        return y_NC;
    }
}

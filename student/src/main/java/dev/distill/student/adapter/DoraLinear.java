package dev.distill.student.adapter;

import dev.distill.student.layer.Linear;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Pass;
import dev.distill.student.layer.Projection;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A weight whose rows have a direction, changed in low rank, and a trained length (DoRA, arXiv:2402.09353): {@code y_NO = x_NI W'ᵀ + b_O} with
 * {@code W'[o] = m[o] (W + scaling B A)[o] / norm[o]}, {@code norm[o]} being the length of that row.
 *
 * <pre>
 * u = x Wᵀ + scaling x Aᵀ Bᵀ
 * c = m / norm
 * y = c u + b
 * </pre>
 *
 * <p>The backward takes the norm for a constant, as the paper's section 4.3 and PEFT do.
 */
final class DoraLinear implements Projection {
    private final Linear base;
    private final LowRank change;
    private final Parameter m_O;
    private final RowNorms norms;
    private final Arena arena;
    private @Nullable Gain constant; // of what nobody trains

    /** @param arena owns what is computed but once */
    DoraLinear(Linear base, LowRank change, Parameter m_O, Arena arena) {
        this.base = base;
        this.change = change;
        this.m_O = m_O;
        this.norms = new RowNorms(base.weight().factor(), change, arena);
        this.arena = arena;
    }

    @Override
    public int inputs() {
        return base.inputs();
    }

    @Override
    public int outputs() {
        return base.outputs();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(base.parameters());
        all.add(change.a_RI());
        all.add(change.b_OR());
        all.add(m_O);
        return all;
    }

    @Override
    public Saved forward(Pass pass, Tensor x_NI, Tensor y_NO, float beta) {
        Tensor u_NO = pass.activation(x_NI.rows(), outputs());
        pass.ops().linear(u_NO, x_NI, base.weight().factor(), 0);
        Tensor down_NR = change.forward(pass, x_NI, u_NO);
        Gain gain = gain(pass);
        pass.ops().scaleColumns(y_NO, u_NO, gain.c_O, beta);
        base.addBias(pass, y_NO);
        return new Saved(x_NI, down_NR, new Scaled(u_NO, gain.c_O, gain.norm_O), y_NO);
    }

    @Override
    public void backward(Pass pass, Saved saved, Tensor dx_NI, float beta, Tensor dy_NO) {
        Scaled scaled = Objects.requireNonNull(saved.scaled(), "a forward of this adapter");
        Tensor down_NR = Objects.requireNonNull(saved.down_NR(), "a forward of this adapter");
        // y = c u + b
        Tensor dc_O = pass.floats(outputs());
        pass.ops().fill(dc_O, 0);
        Tensor du_NO = scaled.u_NO();
        pass.ops().scaleColumnsBackward(du_NO, dc_O, dy_NO, scaled.u_NO(), scaled.c_O());
        // c = m / norm
        if (m_O.gradient() != null) {
            Tensor dm_O = pass.floats(outputs());
            divide(dm_O, dc_O, scaled.norm_O());
            pass.ops().add(m_O.gradient(), m_O.gradient(), dm_O);
        }
        // u = x Wᵀ + scaling x Aᵀ Bᵀ
        pass.ops().linearBackwardInput(dx_NI, du_NO, base.weight().factor(), beta);
        change.backward(pass, saved.x_NI(), down_NR, dx_NI, du_NO);
    }

    private record Gain(Tensor c_O, Tensor norm_O) {}

    private Gain gain(Pass pass) {
        if (constant != null) {
            return constant;
        }
        if (change.isTrained() || m_O.isTrained()) {
            return pass.derived() == null
                    ? write(new Gain(pass.floats(outputs()), pass.floats(outputs())), pass)
                    : pass.derived().of(this, owner -> write(allocate(owner), pass));
        }
        constant = write(allocate(arena), pass);
        return constant;
    }

    private Gain allocate(Arena owner) {
        return new Gain(Tensor.allocate(owner, DType.FLOAT, outputs()), Tensor.allocate(owner, DType.FLOAT, outputs()));
    }

    private Gain write(Gain gain, Pass pass) {
        norms.write(gain.norm_O, pass.ops(), pass.brief());
        divide(gain.c_O, m_O.value(), gain.norm_O);
        return gain;
    }

    /** {@code q = a / norm}; 0 where a row has no length, for then it has no direction either. */
    static void divide(Tensor q_O, Tensor a_O, Tensor norm_O) {
        float[] quotients = a_O.toArray();
        float[] norms = norm_O.toArray();
        for (int o = 0; o < norms.length; o++) {
            quotients[o] = norms[o] > 0 ? quotients[o] / norms[o] : 0;
        }
        q_O.setAll(quotients);
    }
}

package dev.distill.student.adapter;

import dev.distill.student.layer.Linear;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Pass;
import dev.distill.student.layer.Projection;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** {@code y_NO = base(x_NI) + scaling x_NI A_RIᵀ B_ORᵀ} (arXiv:2106.09685). */
final class LoraLinear implements Projection {
    private final Linear base;
    private final Parameter a_RI;
    private final Parameter b_OR;
    private final float scaling;

    LoraLinear(Linear base, Parameter a_RI, Parameter b_OR, double scaling) {
        this.base = base;
        this.a_RI = a_RI;
        this.b_OR = b_OR;
        this.scaling = (float) scaling;
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
        all.add(a_RI);
        all.add(b_OR);
        return all;
    }

    @Override
    public Saved forward(Pass pass, Tensor x_NI, Tensor y_NO, float beta) {
        base.forward(pass, x_NI, y_NO, beta);
        Tensor down_NR = pass.floats(x_NI.rows(), a_RI.value().dim(0));
        pass.ops().linear(down_NR, x_NI, a_RI.value(), 0);
        pass.ops().scale(down_NR, scaling);
        pass.ops().linear(y_NO, down_NR, b_OR.value(), 1);
        return new Saved(x_NI, down_NR, y_NO);
    }

    @Override
    public void backward(Pass pass, Saved saved, Tensor dx_NI, float beta, Tensor dy_NO) {
        // y = base(x) + ..
        base.backward(pass, saved, dx_NI, beta, dy_NO);
        // y = .. + down Bᵀ
        Tensor ddown_NR = pass.floats(dy_NO.rows(), b_OR.value().dim(1));
        pass.ops().linearBackwardInput(ddown_NR, dy_NO, b_OR.value(), 0);
        if (b_OR.gradient() != null) {
            Tensor down_NR = Objects.requireNonNull(saved.down_NR(), "a forward of this adapter");
            pass.ops().linearBackwardWeight(b_OR.gradient(), dy_NO, down_NR, 1);
        }
        // down = scaling x Aᵀ
        pass.ops().scale(ddown_NR, scaling);
        if (a_RI.gradient() != null) {
            pass.ops().linearBackwardWeight(a_RI.gradient(), ddown_NR, saved.x_NI(), 1);
        }
        pass.ops().linearBackwardInput(dx_NI, ddown_NR, a_RI.value(), 1);
    }
}

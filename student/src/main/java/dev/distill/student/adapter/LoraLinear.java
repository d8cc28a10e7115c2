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
    private final LowRank change;

    LoraLinear(Linear base, LowRank change) {
        this.base = base;
        this.change = change;
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
        return all;
    }

    @Override
    public Saved forward(Pass pass, Tensor x_NI, Tensor y_NO, float beta) {
        base.forward(pass, x_NI, y_NO, beta);
        return new Saved(x_NI, change.forward(pass, x_NI, y_NO), null, y_NO);
    }

    @Override
    public void backward(Pass pass, Saved saved, Tensor dx_NI, float beta, Tensor dy_NO) {
        // y = base(x) + ..
        base.backward(pass, saved, dx_NI, beta, dy_NO);
        // y = .. + scaling x Aᵀ Bᵀ
        Tensor down_NR = Objects.requireNonNull(saved.down_NR(), "a forward of this adapter");
        change.backward(pass, saved.x_NI(), down_NR, dx_NI, dy_NO);
    }
}

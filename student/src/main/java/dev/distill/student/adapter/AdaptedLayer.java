package dev.distill.student.adapter;

import dev.distill.student.layer.Linear;
import dev.distill.student.layer.Parameter;
import dev.distill.student.layer.Projection;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter has for one linear layer.
 *
 * @param m_O the lengths of the changed weight's rows, where they are trained (DoRA)
 */
record AdaptedLayer(LowRank change, @Nullable Parameter m_O) {

    List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>(List.of(change.a_RI(), change.b_OR()));
        if (m_O != null) {
            all.add(m_O);
        }
        return all;
    }

    /** @param arena owns what the layer computes but once */
    Projection wrap(Linear base, Arena arena) {
        return m_O == null ? new LoraLinear(base, change) : new DoraLinear(base, change, m_O, arena);
    }

    /** The lengths as they are before the first step: those of the base's rows. */
    void startLengths(Tensor base_OI, Ops ops) {
        if (m_O != null) {
            Tensor lengths_O = m_O.value();
            ops.rowSquares(lengths_O, base_OI);
            for (long o = 0; o < lengths_O.size(); o++) {
                lengths_O.set(o, (float) Math.sqrt(lengths_O.get(o)));
            }
        }
    }

    /** The changed weight in FLOAT, in memory that is freed when nothing refers to it. */
    Tensor merge(Tensor base_OI, Ops ops) {
        Arena collected = Arena.ofAuto();
        Tensor merged_OI = Tensor.allocate(collected, DType.FLOAT, base_OI.shape());
        ops.copy(merged_OI, base_OI);
        Tensor b_OR =
                Tensor.allocate(collected, DType.FLOAT, change.b_OR().value().shape());
        ops.copy(b_OR, change.b_OR().value());
        ops.scale(b_OR, change.scaling());
        ops.linearBackwardInput(merged_OI, b_OR, change.a_RI().value(), 1); // W + scaling B A
        if (m_O != null) {
            scaleRows(merged_OI, gain(base_OI, m_O.value(), ops), ops);
        }
        return merged_OI;
    }

    /** {@code c = m / norm}. */
    private float[] gain(Tensor base_OI, Tensor m_O, Ops ops) {
        Arena collected = Arena.ofAuto();
        Tensor norm_O = Tensor.allocate(collected, DType.FLOAT, base_OI.dim(0));
        try (Workspace scratch = new Workspace()) {
            new RowNorms(base_OI, change, collected).write(norm_O, ops, scratch);
        }
        Tensor c_O = Tensor.allocate(collected, DType.FLOAT, base_OI.dim(0));
        DoraLinear.divide(c_O, m_O, norm_O);
        return c_O.toArray();
    }

    private static void scaleRows(Tensor w_OI, float[] c_O, Ops ops) {
        for (int o = 0; o < c_O.length; o++) {
            ops.scale(w_OI.slice(o, o + 1), c_O[o]);
        }
    }
}

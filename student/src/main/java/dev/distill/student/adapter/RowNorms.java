package dev.distill.student.adapter;

import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import dev.distill.student.tensor.Workspace;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * The lengths of the rows of {@code W + s B A}, W frozen. The sum is never made: with {@code P = A Wᵀ} and {@code G = A Aᵀ} a row's square is
 *
 * <pre>
 * |W[o]|² + sum over r of B[o, r] (2 s P[r, o] + s² (B G)[o, r])
 * </pre>
 *
 * <p>which costs as much as R more rows of the layer's input, whatever type W has.
 */
final class RowNorms {
    private final Tensor w_OI;
    private final LowRank change;
    private final Arena arena;
    private @Nullable Tensor base_O; // squares of W's rows

    /** @param arena owns the squares of W's rows, which are computed but once */
    RowNorms(Tensor w_OI, LowRank change, Arena arena) {
        this.w_OI = w_OI;
        this.change = change;
        this.arena = arena;
    }

    /** Writes the lengths as the factors are now. */
    void write(Tensor norm_O, Ops ops, Workspace scratch) {
        if (base_O == null) {
            base_O = Tensor.allocate(arena, DType.FLOAT, w_OI.dim(0));
            ops.rowSquares(base_O, w_OI);
        }
        try (Workspace.Scope within = scratch.open()) {
            Tensor a_RI = change.a_RI().value();
            Tensor b_OR = change.b_OR().value();
            Tensor p_RO = scratch.floats(a_RI.dim(0), w_OI.dim(0));
            ops.linear(p_RO, a_RI, w_OI, 0);
            Tensor g_RR = scratch.floats(a_RI.dim(0), a_RI.dim(0));
            ops.linear(g_RR, a_RI, a_RI, 0);
            Tensor bg_OR = scratch.floats(b_OR.shape());
            ops.linear(bg_OR, b_OR, g_RR, 0); // G is its own transpose
            norm_O.setAll(lengths(base_O.toArray(), b_OR.toArray(), p_RO.toArray(), bg_OR.toArray()));
        }
    }

    private float[] lengths(float[] base_O, float[] b_OR, float[] p_RO, float[] bg_OR) {
        float[] norm_O = new float[base_O.length];
        int rank = b_OR.length / base_O.length;
        double s = change.scaling();
        for (int o = 0; o < norm_O.length; o++) {
            double square = base_O[o];
            for (int r = 0; r < rank; r++) {
                square += s * b_OR[o * rank + r] * (2.0 * p_RO[r * base_O.length + o] + s * bg_OR[o * rank + r]);
            }
            norm_O[o] = (float) Math.sqrt(Math.max(0, square));
        }
        return norm_O;
    }
}

package dev.distill.student.ops;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.NibbleLayout;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape and type rules of every operation, in one place for all backends: each backend calls the rule before it touches memory. Messages
 * say operation, rule and what came.
 */
public final class Rules {
    private Rules() {}

    /** y [N, O], x [N, I], w [O, I] of any type. */
    public static void linear(String op, Tensor y_NO, Tensor x_NI, Tensor w_OI) {
        activations(op, y_NO, x_NI);
        matrix(op, "weight", w_OI);
        require(w_OI.type() != DType.SPLIT, op, "multiplies the upper halves of a split weight, not the whole", w_OI);
        require(!w_OI.type().isDynamic(), op, "multiplies no moments", w_OI);
        require(
                y_NO.rows() == x_NI.rows() && y_NO.cols() == w_OI.dim(0) && x_NI.cols() == w_OI.dim(1),
                op,
                "needs [N, O], [N, I] and a weight [O, I]",
                y_NO,
                x_NI,
                w_OI);
    }

    /** As many results as weights, and each as {@link #linear} wants it. */
    public static void linears(String op, List<Tensor> y_NO, Tensor x_NI, List<Tensor> w_OI) {
        if (w_OI.isEmpty() || y_NO.size() != w_OI.size()) {
            throw new IllegalArgumentException(op + ": needs one result for each weight, and at least one, got "
                    + y_NO.size() + " results and " + w_OI.size() + " weights");
        }
        for (int i = 0; i < w_OI.size(); i++) {
            linear(op, y_NO.get(i), x_NI, w_OI.get(i));
        }
    }

    /** A NIBBLES matrix and 18 bytes for each 32 of its numbers. */
    public static void pack(Tensor nibbles_OI, MemorySegment q4_0) {
        require(nibbles_OI.type() == DType.NIBBLES, "pack", "needs a matrix of NIBBLES", nibbles_OI);
        long bytes = nibbles_OI.size() / NibbleLayout.BLOCK * NibbleLayout.Q4_0_BYTES;
        require(
                q4_0.byteSize() == bytes,
                "pack",
                "needs " + bytes + " bytes of Q4_0, not " + q4_0.byteSize(),
                nibbles_OI);
    }

    /** y [N, O], b [O]. */
    public static void bias(String op, Tensor y_NO, Tensor b_O) {
        activations(op, y_NO);
        floats(op, b_O);
        require(b_O.rank() == 1 && b_O.dim(0) == y_NO.cols(), op, "needs [N, O] and a bias [O]", y_NO, b_O);
    }

    /** y and x [N, O] of any types, c [O]. */
    public static void scaleColumns(String op, Tensor y_NO, Tensor x_NO, Tensor c_O) {
        alike(op, y_NO, x_NO);
        bias(op, x_NO, c_O);
    }

    /** s [O], w [O, I]. */
    public static void rowSquares(Tensor s_O, Tensor w_OI) {
        String op = "row squares";
        floats(op, s_O);
        matrix(op, "weight", w_OI);
        require(w_OI.type() != DType.SPLIT, op, "reads the upper halves of a split weight, not the whole", w_OI);
        require(s_O.hasShape(w_OI.dim(0)), op, "needs sums [O] for a weight [O, I]", s_O, w_OI);
    }

    /** All FLOAT and of one shape. */
    public static void same(String op, Tensor first, Tensor... others) {
        floats(op, first);
        for (Tensor other : others) {
            floats(op, other);
            require(Arrays.equals(first.shape(), other.shape()), op, "needs equal shapes", first, other);
        }
    }

    /**
     * Weight, moments and gradient of one shape; the weight FLOAT or, where the backend can, SPLIT; the moments FLOAT, or DYNAMIC and
     * UNSIGNED_DYNAMIC; the gradient FLOAT.
     */
    public static void adamW(Tensor w, Tensor m, Tensor v, Tensor dw) {
        floats("AdamW", dw);
        boolean floats = m.type() == DType.FLOAT && v.type() == DType.FLOAT;
        boolean eightBits = m.type() == DType.DYNAMIC && v.type() == DType.UNSIGNED_DYNAMIC;
        require(floats || eightBits, "AdamW", "needs moments in FLOAT, or in DYNAMIC and UNSIGNED_DYNAMIC", m, v);
        boolean exact = w.type() == DType.FLOAT || w.type() == DType.SPLIT;
        require(exact, "AdamW", "needs a weight in FLOAT or SPLIT", w);
        for (Tensor other : List.of(m, v, dw)) {
            require(Arrays.equals(w.shape(), other.shape()), "AdamW", "needs equal shapes", w, other);
        }
    }

    /** Activations of one shape. */
    public static void alike(String op, Tensor first, Tensor... others) {
        activations(op, first);
        for (Tensor other : others) {
            activations(op, other);
            require(Arrays.equals(first.shape(), other.shape()), op, "needs equal shapes", first, other);
        }
    }

    /**
     * One shape; to any type, from all but those of eight bits and less; between FLOAT and the dynamic types, and FLOAT or BFLOAT16 and
     * NF4, either way.
     */
    public static void copy(Tensor y, Tensor x) {
        boolean widened = x.type().isDynamic() && y.type() == DType.FLOAT
                || x.type() == DType.NF4 && (y.type() == DType.FLOAT || y.type() == DType.BFLOAT16);
        require(widened || !x.type().isRounded(), "copy", "is not made from eight bits or less", y, x);
        boolean floating = x.type() == DType.FLOAT || x.type() == DType.BFLOAT16;
        require(y.type() != DType.NF4 || floating, "copy", "to NF4 is made from FLOAT or BFLOAT16", y, x);
        require(!y.type().isDynamic() || x.type() == DType.FLOAT, "copy", "to dynamic types is made from FLOAT", y, x);
        require(Arrays.equals(y.shape(), x.shape()), "copy", "needs equal shapes", y, x);
    }

    /** y and x [.., C], w [C], rstd one entry for each row. */
    public static void rmsNorm(String op, Tensor y_NC, Tensor x_NC, Tensor w_C, Tensor rstd_N) {
        alike(op, y_NC, x_NC);
        floats(op, w_C, rstd_N);
        require(w_C.rank() == 1 && w_C.dim(0) == x_NC.cols(), op, "needs rows [.., C] and a weight [C]", x_NC, w_C);
        require(rstd_N.size() == x_NC.rows(), op, "needs one rstd for each row", x_NC, rstd_N);
    }

    /** dw, where there is one, has the weight's shape. */
    public static void gradient(String op, @Nullable Tensor dw, Tensor w) {
        if (dw != null) {
            floats(op, dw);
            alike(op, dw, w);
        }
    }

    /** x [N, H, D] with D even, tables [P, D/2], every position below P. */
    public static void rotary(String op, Tensor x_NHD, Tensor cos_PD2, Tensor sin_PD2, int[] positions_N) {
        activations(op, x_NHD);
        same(op, cos_PD2, sin_PD2);
        matrix(op, "table", cos_PD2);
        require(
                x_NHD.rank() == 3 && x_NHD.cols() == 2 * cos_PD2.cols(),
                op,
                "needs [N, H, D] with D even and tables [P, D/2]",
                x_NHD,
                cos_PD2);
        require(
                positions_N.length == x_NHD.dim(0),
                op,
                "needs a position for each row; there are " + positions_N.length + " positions",
                x_NHD);
        indices(op, "position", positions_N, 0, cos_PD2.dim(0));
    }

    static void attention(
            Tensor q_NHD, Tensor k_NKD, Tensor v_NKD, Tensor out_NHD, Tensor lse_NH, Sequences sequences) {
        String op = "attention";
        alike(op, q_NHD, out_NHD);
        alike(op, k_NKD, v_NKD);
        floats(op, lse_NH);
        boolean heads = q_NHD.rank() == 3
                && k_NKD.rank() == 3
                && q_NHD.dim(0) == k_NKD.dim(0)
                && q_NHD.dim(2) == k_NKD.dim(2)
                && k_NKD.dim(1) > 0
                && q_NHD.dim(1) % k_NKD.dim(1) == 0;
        require(heads, op, "needs queries [N, H, D] and keys [N, K, D], K a divisor of H", q_NHD, k_NKD);
        require(lse_NH.hasShape(q_NHD.dim(0), q_NHD.dim(1)), op, "needs lse [N, H]", q_NHD, lse_NH);
        require(
                sequences.rows() == q_NHD.dim(0),
                op,
                "needs sequences of as many rows as the queries; theirs are " + sequences.rows(),
                q_NHD);
    }

    static void softTargets(TeacherRows teacher, int rows, int vocabulary) {
        if (teacher.rows() != rows) {
            throw new IllegalArgumentException(
                    "cross-entropy: needs a teacher's row for each of " + rows + " targets, got " + teacher.rows());
        }
        indices("cross-entropy", "teacher's token", teacher.ids_NK(), TeacherRows.NONE, vocabulary);
    }

    /** Gradients have the shapes of what they belong to. */
    public static void attentionBackward(Tensor dq_NHD, Tensor dk_NKD, Tensor dv_NKD, Tensor dout_NHD, Attention call) {
        String op = "attention backward";
        alike(op, call.q_NHD(), dq_NHD, dout_NHD);
        DType type = call.out_NHD().type();
        require(
                dq_NHD.type() == type && dout_NHD.type() == type,
                op,
                "needs dq and dout of the output's type",
                dq_NHD,
                dout_NHD,
                call.out_NHD());
        alike(op, call.k_NKD(), dk_NKD, dv_NKD);
    }

    /** Caches as {@link #caches}, k and v [B, K, D], every page and length inside them, no position written twice, no page by two sequences. */
    public static void cacheAppend(Tensor k_SKDP, Tensor v_SKPD, Tensor k_BKD, Tensor v_BKD, CacheStep step) {
        String op = "cache append";
        caches(op, k_SKDP, v_SKPD);
        alike(op, k_BKD, v_BKD);
        boolean fits = k_BKD.hasShape(step.rows(), k_SKDP.dim(1), k_SKDP.dim(2));
        require(fits, op, "needs " + step.rows() + " rows [B, K, D] for keys [S, K, D, P]", k_BKD, k_SKDP);
        cacheStep(op, k_SKDP, step);
        int positions = k_SKDP.dim(3);
        int[] pages = new int[step.rows()];
        for (int b = 0; b < step.rows(); b++) {
            int last = step.length(b) - 1;
            pages[b] = step.page(b, last / positions);
            for (int a = 0; a < b; a++) {
                boolean apart = step.samePages(a, b) && step.length(a) != step.length(b);
                if (pages[a] == pages[b] && !apart) {
                    throw new IllegalArgumentException(op + ": rows must not write to the same page, but for different"
                            + " positions of one sequence; got " + Arrays.deepToString(step.pages()) + " of lengths "
                            + Arrays.toString(step.lengths()));
                }
            }
        }
    }

    /** Keys [S, K, D, P] and values [S, K, P, D] of one type. */
    private static void caches(String op, Tensor k_SKDP, Tensor v_SKPD) {
        activations(op, k_SKDP, v_SKPD);
        require(k_SKDP.type() == v_SKPD.type(), op, "needs keys and values of one type", k_SKDP, v_SKPD);
        boolean fits =
                k_SKDP.rank() == 4 && v_SKPD.hasShape(k_SKDP.dim(0), k_SKDP.dim(1), k_SKDP.dim(3), k_SKDP.dim(2));
        require(fits, op, "needs keys [S, K, D, P] and values [S, K, P, D]", k_SKDP, v_SKPD);
    }

    /** out and q [B, H, D], caches as {@link #caches}, K a divisor of H. */
    public static void cacheAttention(Tensor out_BHD, Tensor q_BHD, Tensor k_SKDP, Tensor v_SKPD, CacheStep step) {
        String op = "cache attention";
        alike(op, q_BHD, out_BHD);
        caches(op, k_SKDP, v_SKPD);
        boolean fits = q_BHD.rank() == 3
                && q_BHD.dim(0) == step.rows()
                && q_BHD.dim(2) == k_SKDP.dim(2)
                && k_SKDP.dim(1) > 0
                && q_BHD.dim(1) % k_SKDP.dim(1) == 0;
        require(
                fits,
                op,
                "needs " + step.rows() + " rows [B, H, D] and keys [S, K, D, P], K a divisor of H",
                q_BHD,
                k_SKDP);
        cacheStep(op, k_SKDP, step);
    }

    private static void cacheStep(String op, Tensor k_SKDP, CacheStep step) {
        for (int b = 0; b < step.rows(); b++) {
            boolean inside = step.length(b) <= (long) step.pageCount(b) * k_SKDP.dim(3);
            for (int place = 0; place < step.pageCount(b); place++) {
                inside &= step.page(b, place) < k_SKDP.dim(0);
            }
            if (!inside) { // the message is long to make, and this is asked for every row of every layer
                String pages = Arrays.toString(step.pages()[b]);
                String rule = "row " + b + " needs pages " + pages + " and " + step.length(b) + " positions in them";
                require(false, op, rule + ", [S, K, D, P]", k_SKDP);
            }
        }
    }

    /** y [N, C], table [V, C], every id below V. */
    public static void embed(String op, Tensor y_NC, Tensor table_VC, int[] ids_N) {
        activations(op, y_NC, table_VC);
        matrix(op, "table", table_VC);
        require(
                y_NC.rows() == ids_N.length && y_NC.cols() == table_VC.cols(),
                op,
                "needs [N, C] and a table [V, C] for " + ids_N.length + " ids",
                y_NC,
                table_VC);
        indices(op, "id", ids_N, 0, table_VC.dim(0));
    }

    static void crossEntropy(Tensor x_NC, Tensor w_VC, @Nullable Tensor eightBits_VC, int[] targets_N, Tensor loss_N) {
        String op = "cross-entropy";
        activations(op, x_NC, w_VC);
        floats(op, loss_N);
        matrix(op, "head", w_VC);
        require(x_NC.cols() == w_VC.cols(), op, "needs [N, C] and a head [V, C]", x_NC, w_VC);
        if (eightBits_VC != null) {
            boolean rounded = eightBits_VC.type() == DType.INT8 || eightBits_VC.type() == DType.PACKED;
            boolean alike = rounded && eightBits_VC.hasShape(w_VC.shape());
            require(alike, op, "needs a rounded head in eight bits and of the head's shape", w_VC, eightBits_VC);
        }
        require(
                x_NC.rows() == targets_N.length && loss_N.hasShape(targets_N.length),
                op,
                "needs a loss for each of " + targets_N.length + " targets",
                x_NC,
                loss_N);
        indices(op, "target", targets_N, CrossEntropy.NO_TARGET, w_VC.dim(0));
    }

    /** Gradients have the shapes of what they belong to. */
    public static void crossEntropyBackward(Tensor dx_NC, @Nullable Tensor dw_VC, CrossEntropy call) {
        alike("cross-entropy backward", call.x_NC(), dx_NC);
        gradient("cross-entropy backward", dw_VC, call.w_VC());
    }

    /** All FLOAT or BFLOAT16. */
    public static void activations(String op, Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.type() != DType.FLOAT && tensor.type() != DType.BFLOAT16) {
                throw new IllegalArgumentException(op + ": needs FLOAT or BFLOAT16, got " + tensor);
            }
        }
    }

    /** All FLOAT. */
    public static void floats(String op, Tensor... tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.type() != DType.FLOAT) {
                throw new IllegalArgumentException(
                        op + ": needs FLOAT, got " + tensor + "; copy it to a FLOAT tensor first");
            }
        }
    }

    private static void matrix(String op, String what, Tensor tensor) {
        if (tensor.rank() != 2) {
            throw new IllegalArgumentException(op + ": the " + what + " must have two dimensions, got " + tensor);
        }
    }

    private static void indices(String op, String what, int[] indices, int low, int high) {
        for (int n = 0; n < indices.length; n++) {
            if (indices[n] < low || indices[n] >= high) {
                throw new IllegalArgumentException(op + ": every " + what + " must be from " + low + " to " + (high - 1)
                        + ", got " + indices[n] + " in row " + n);
            }
        }
    }

    private static void require(boolean holds, String op, String rule, Tensor... tensors) {
        if (!holds) {
            throw new IllegalArgumentException(op + ": " + rule + ", got " + Arrays.toString(tensors));
        }
    }
}

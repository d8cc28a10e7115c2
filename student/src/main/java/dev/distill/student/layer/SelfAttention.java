package dev.distill.student.layer;

import dev.distill.student.ops.Attention;
import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Sequences;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Causal self-attention with grouped queries (arXiv:2305.13245), rotary positions and, in Qwen 3, norms over the heads
 * of q and k: {@code x_NC -> y_NC}.
 *
 * <pre>
 * q, k, v = x Wqᵀ + bq, x Wkᵀ + bk, x Wvᵀ + bv
 * q, k    = rotary(norm(q)), rotary(norm(k))
 * y       = attention(q, k, v) Woᵀ
 * </pre>
 */
public final class SelfAttention {
    private final Projections projections;
    private final @Nullable HeadNorms norms;
    private final Rotary rotary;
    private final int headWidth;
    private final float scale;

    /** Wq {@code [H D, C]}, Wk and Wv {@code [K D, C]}, Wo {@code [C, H D]}, with their biases. */
    public record Projections(Projection q, Projection k, Projection v, Projection o) {}

    /** Norms over the D numbers of each head, before the rotation. */
    public record HeadNorms(RmsNorm q, RmsNorm k) {}

    public SelfAttention(Projections projections, @Nullable HeadNorms norms, Rotary rotary, int headWidth) {
        this.projections = projections;
        this.norms = norms;
        this.rotary = rotary;
        this.headWidth = headWidth;
        this.scale = (float) (1 / Math.sqrt(headWidth));
    }

    public List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        Stream.of(projections.q, projections.k, projections.v).forEach(p -> all.addAll(p.parameters()));
        if (norms != null) {
            all.add(norms.q.weight());
            all.add(norms.k.weight());
        }
        all.addAll(projections.o.parameters());
        return all;
    }

    /** What the backward needs; not the input. */
    public record Saved(Heads heads, Attention call, Projection.Saved o) {}

    /** forward: {@code y_NC += attention(x_NC)}, each sequence for itself. */
    public Saved forward(Pass pass, Tensor x_NC, Tensor y_NC, Sequences sequences) {
        Heads heads = heads(pass, x_NC);
        Tensor out_NHD = pass.activation(heads.q_NHD.shape());
        Tensor lse_NH = pass.floats(heads.q_NHD.dim(0), heads.q_NHD.dim(1));
        Attention call = new Attention(heads.q_NHD, heads.k_NKD, heads.v_NKD, out_NHD, lse_NH, sequences, scale);
        pass.ops().attention(call);
        return new Saved(heads, call, projections.o.forward(pass, rows(out_NHD), y_NC, 1));
    }

    /** backward: {@code dy_NC -> dx_NC}. @param x_NC the forward's input */
    public Tensor backward(Pass pass, Saved saved, Tensor x_NC, Tensor dy_NC) {
        Attention call = saved.call;
        Tensor dout_NHD = pass.activation(call.out_NHD().shape());
        Tensor dq_NHD = pass.activation(call.q_NHD().shape());
        Tensor dk_NKD = pass.activation(call.k_NKD().shape());
        Tensor dv_NKD = pass.activation(call.v_NKD().shape());
        // y = attention(q, k, v) Woᵀ
        projections.o.backward(pass, saved.o, rows(dout_NHD), 0, dy_NC);
        pass.ops().attentionBackward(dq_NHD, dk_NKD, dv_NKD, dout_NHD, call);
        // q, k = rotary(norm(q)), rotary(norm(k))
        rotary.backward(pass, dq_NHD);
        rotary.backward(pass, dk_NKD);
        Heads heads = saved.heads;
        if (norms != null && heads.qNorm != null && heads.kNorm != null) {
            dq_NHD = norms.q.backward(pass, heads.qNorm, dq_NHD);
            dk_NKD = norms.k.backward(pass, heads.kNorm, dk_NKD);
        }
        // q, k, v = x Wqᵀ + bq, x Wkᵀ + bk, x Wvᵀ + bv
        Tensor dx_NC = pass.floats(x_NC.shape());
        projections.q.backward(pass, heads.q.withInput(x_NC), dx_NC, 0, rows(dq_NHD));
        projections.k.backward(pass, heads.k.withInput(x_NC), dx_NC, 1, rows(dk_NKD));
        projections.v.backward(pass, heads.v.withInput(x_NC), dx_NC, 1, rows(dv_NKD));
        return dx_NC;
    }

    /** One new position for each of B sequences: {@code y_BC += attention(x_BC)}; its keys and values enter the cache. */
    public void decode(Pass pass, Tensor x_BC, Tensor y_BC, KvCache cache, CacheStep step) {
        Heads heads = heads(pass, x_BC);
        cache.append(pass.ops(), heads.k_NKD, heads.v_NKD, step);
        Tensor out_BHD = pass.activation(heads.q_NHD.shape());
        pass.ops().cacheAttention(out_BHD, heads.q_NHD, cache.k_SKDP(), cache.v_SKPD(), step, scale);
        projections.o.forward(pass, rows(out_BHD), y_BC, 1);
    }

    /** Queries, keys and values: what they were projected from, and what attention takes. */
    record Heads(
            Projection.Saved q,
            Projection.Saved k,
            Projection.Saved v,
            RmsNorm.@Nullable Saved qNorm,
            RmsNorm.@Nullable Saved kNorm,
            Tensor q_NHD,
            Tensor k_NKD,
            Tensor v_NKD) {}

    private Heads heads(Pass pass, Tensor x_NC) {
        List<Projection.Saved> qkv =
                Projection.forward(pass, x_NC, List.of(projections.q, projections.k, projections.v));
        Projection.Saved q = qkv.get(0);
        Projection.Saved k = qkv.get(1);
        Projection.Saved v = qkv.get(2);
        Tensor q_NHD = heads(q.y_NO());
        Tensor k_NKD = heads(k.y_NO());
        RmsNorm.Saved qNorm = null;
        RmsNorm.Saved kNorm = null;
        if (norms != null) {
            qNorm = norms.q.forward(pass, q_NHD);
            kNorm = norms.k.forward(pass, k_NKD);
            q_NHD = qNorm.y_NC();
            k_NKD = kNorm.y_NC();
        }
        rotary.forward(pass, q_NHD);
        rotary.forward(pass, k_NKD);
        return new Heads(q, k, v, qNorm, kNorm, q_NHD, k_NKD, heads(v.y_NO()));
    }

    private Tensor heads(Tensor x_NO) {
        return x_NO.reshape(x_NO.dim(0), x_NO.dim(1) / headWidth, headWidth);
    }

    private static Tensor rows(Tensor x_NHD) {
        return x_NHD.reshape(x_NHD.dim(0), x_NHD.dim(1) * x_NHD.dim(2));
    }
}

package dev.distill.student.ops;

import dev.distill.student.tensor.Tensor;

/**
 * One causal self-attention over packed sequences: what goes in, where the result goes, and what the backward needs again.
 *
 * <p>Query head h reads key/value head {@code h / (H / K)} (grouped-query attention, Ainslie et al. 2023). Within each sequence
 *
 * <pre>
 * p[n, h, m]   = softmax over m <= n of scale * q[n, h] . k[m, h / (H / K)]
 * out[n, h]    = sum over m of p[n, h, m] * v[m, h / (H / K)]
 * lse[n, h]    = log of the sum over m of exp(scale * q[n, h] . k[m, ..])      kept for the backward
 * </pre>
 *
 * @param q_NHD queries
 * @param k_NKD keys; K divides H
 * @param v_NKD values
 * @param out_NHD output, written by the forward, read by the backward
 * @param lse_NH output, as {@code out_NHD}
 * @param sequences the rows of each sequence; N in all
 * @param scale factor of the scores, as a rule 1 / sqrt(D)
 */
public record Attention(
        Tensor q_NHD, Tensor k_NKD, Tensor v_NKD, Tensor out_NHD, Tensor lse_NH, Sequences sequences, float scale) {
    public Attention {
        Rules.attention(q_NHD, k_NKD, v_NKD, out_NHD, lse_NH, sequences);
    }

    /** H, query heads. */
    public int heads() {
        return q_NHD.dim(1);
    }

    /** K, key/value heads. */
    public int kvHeads() {
        return k_NKD.dim(1);
    }

    /** D, width of a head. */
    public int headWidth() {
        return q_NHD.dim(2);
    }
}

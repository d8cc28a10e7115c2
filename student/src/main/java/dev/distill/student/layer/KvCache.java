package dev.distill.student.layer;

import dev.distill.student.ops.CacheStep;
import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * The keys and values that one attention layer has seen, for sequences that are being generated. Which page is whose says
 * {@link dev.distill.student.ops.CacheStep}.
 *
 * @param k_SKDP keys after norm and rotation: pages, heads, head width, positions of a page
 * @param v_SKPD values: pages, heads, positions of a page, head width
 */
public record KvCache(Tensor k_SKDP, Tensor v_SKPD) {

    /** Memory for so many pages, owned by {@code arena}. @param type FLOAT, or BFLOAT16 where activations are */
    public static KvCache allocate(Arena arena, DType type, int pages, int positions, int kvHeads, int headWidth) {
        return new KvCache(
                Tensor.allocate(arena, type, pages, kvHeads, headWidth, positions),
                Tensor.allocate(arena, type, pages, kvHeads, positions, headWidth));
    }

    /** Stores the newest keys and values of each row {@code [B, K, D]}. */
    public void append(Ops ops, Tensor k_BKD, Tensor v_BKD, CacheStep step) {
        ops.cacheAppend(k_SKDP, v_SKPD, k_BKD, v_BKD, step);
    }

    /** Copies one page to another. */
    public void copyPage(Ops ops, int to, int from) {
        ops.copy(k_SKDP.slice(to, to + 1), k_SKDP.slice(from, from + 1));
        ops.copy(v_SKPD.slice(to, to + 1), v_SKPD.slice(from, from + 1));
    }
}

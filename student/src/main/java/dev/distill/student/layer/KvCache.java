package dev.distill.student.layer;

import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * The keys and values that one attention layer has seen, for sequences that are being generated. Which page is whose says
 * {@link dev.distill.student.ops.CacheStep}.
 *
 * @param k_SPKD keys after norm and rotation: pages of P positions
 * @param v_SPKD values
 */
public record KvCache(Tensor k_SPKD, Tensor v_SPKD) {

    /** Memory for so many pages, owned by {@code arena}. @param type FLOAT, or BFLOAT16 where activations are */
    public static KvCache allocate(Arena arena, DType type, int pages, int positions, int kvHeads, int headWidth) {
        return new KvCache(
                Tensor.allocate(arena, type, pages, positions, kvHeads, headWidth),
                Tensor.allocate(arena, type, pages, positions, kvHeads, headWidth));
    }

    /** Stores a prompt's keys and values {@code [N, K, D]} from the start of a sequence's pages. */
    public void store(Ops ops, int[] pages, Tensor k_NKD, Tensor v_NKD) {
        store(ops, k_SPKD, pages, k_NKD);
        store(ops, v_SPKD, pages, v_NKD);
    }

    private static void store(Ops ops, Tensor cache_SPKD, int[] pages, Tensor x_NKD) {
        int positions = cache_SPKD.dim(1);
        for (int from = 0; from < x_NKD.dim(0); from += positions) {
            Tensor piece_NKD = x_NKD.slice(from, Math.min(from + positions, x_NKD.dim(0)));
            ops.copy(page(cache_SPKD, pages[from / positions]).slice(0, piece_NKD.dim(0)), piece_NKD);
        }
    }

    /** Copies one page to another. */
    public void copyPage(Ops ops, int to, int from) {
        ops.copy(page(k_SPKD, to), page(k_SPKD, from));
        ops.copy(page(v_SPKD, to), page(v_SPKD, from));
    }

    private static Tensor page(Tensor cache_SPKD, int page) {
        return cache_SPKD.slice(page, page + 1).reshape(cache_SPKD.dim(1), cache_SPKD.dim(2), cache_SPKD.dim(3));
    }
}

package dev.distill.student.layer;

import dev.distill.student.ops.Ops;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * The keys and values that one attention layer has seen, for sequences that are being generated.
 *
 * @param k_SPKD keys after norm and rotation, a slot for each sequence
 * @param v_SPKD values
 */
public record KvCache(Tensor k_SPKD, Tensor v_SPKD) {

    /** An empty cache, owned by {@code arena}. */
    public static KvCache allocate(Arena arena, int slots, int positions, int kvHeads, int headWidth) {
        return new KvCache(
                Tensor.allocate(arena, DType.FLOAT, slots, positions, kvHeads, headWidth),
                Tensor.allocate(arena, DType.FLOAT, slots, positions, kvHeads, headWidth));
    }

    /** Stores a prompt's keys and values {@code [N, K, D]} from the start of a slot. */
    public void store(Ops ops, int slot, Tensor k_NKD, Tensor v_NKD) {
        store(ops, k_SPKD, slot, k_NKD);
        store(ops, v_SPKD, slot, v_NKD);
    }

    private static void store(Ops ops, Tensor cache_SPKD, int slot, Tensor x_NKD) {
        Tensor slot_PKD =
                cache_SPKD.slice(slot, slot + 1).reshape(cache_SPKD.dim(1), cache_SPKD.dim(2), cache_SPKD.dim(3));
        ops.copy(slot_PKD.slice(0, x_NKD.dim(0)), x_NKD);
    }
}

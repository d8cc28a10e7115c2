package dev.distill.student.layer;

import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
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

    /** Stores the rows of packed sequences, each from the start of its slot. */
    public void store(Ops ops, SelfAttention.Saved prompts, Sequences sequences, int[] slots) {
        for (int s = 0; s < sequences.count(); s++) {
            store(ops, k_SPKD, prompts.call().k_NKD(), sequences, s, slots[s]);
            store(ops, v_SPKD, prompts.call().v_NKD(), sequences, s, slots[s]);
        }
    }

    private static void store(Ops ops, Tensor cache_SPKD, Tensor x_NKD, Sequences sequences, int sequence, int slot) {
        Tensor slot_PKD =
                cache_SPKD.slice(slot, slot + 1).reshape(cache_SPKD.dim(1), cache_SPKD.dim(2), cache_SPKD.dim(3));
        ops.copy(
                slot_PKD.slice(0, sequences.length(sequence)),
                x_NKD.slice(sequences.start(sequence), sequences.end(sequence)));
    }
}

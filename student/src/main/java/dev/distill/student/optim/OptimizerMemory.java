package dev.distill.student.optim;

import dev.distill.student.model.ParameterSpec;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.DynamicMap;

/**
 * What an {@link Optimizer} holds beside weights and gradients, in bytes, without making it: the same tensors, weight by weight. A test compares it with
 * what it then holds.
 */
public record OptimizerMemory(OptimizerSettings settings) {
    private static final long FLOAT = DType.FLOAT.bytes();

    /** Of one weight, from the first update to the last. */
    public long remembered(ParameterSpec weight) {
        long size = weight.size();
        return switch (settings) {
            case MuonSettings _ when MuonSettings.takes(weight) -> FLOAT * size;
            case EightBitAdamWSettings _
            when size >= EightBitAdamWSettings.LEAST_SIZE -> 2 * (size + FLOAT * DynamicMap.blocks(size));
            case AdamWSettings _, EightBitAdamWSettings _, MuonSettings _ -> 2 * FLOAT * size;
        };
    }

    /** During the update of one weight: a Muon's orthogonal matrix in the making. @param type of the weight itself */
    public long passing(ParameterSpec weight, DType type) {
        if (!(settings instanceof MuonSettings && MuonSettings.takes(weight))) {
            return 0;
        }
        long side = Math.min(weight.dims()[0], weight.dims()[1]);
        long matrices = type == DType.FLOAT ? 2 : 3; // what becomes orthogonal, its next state, and the weight in FLOAT
        return FLOAT * (matrices * weight.size() + 2 * side * side);
    }
}

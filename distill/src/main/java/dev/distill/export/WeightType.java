package dev.distill.export;

import dev.distill.student.weights.StorageType;

/** The number types that a model is written in. */
public enum WeightType {
    F32(StorageType.F32, "float32", 1e-5),
    /** Eight bits of mantissa: each weight is off by up to 0.2 %, and logits by a few times that of the largest. */
    BF16(StorageType.BF16, "bfloat16", 0.03),
    F16(StorageType.F16, "float16", 0.005);

    private final StorageType storage;
    private final String torchName;
    private final double tolerance;

    WeightType(StorageType storage, String torchName, double tolerance) {
        this.storage = storage;
        this.torchName = torchName;
        this.tolerance = tolerance;
    }

    public StorageType storage() {
        return storage;
    }

    /** As {@code config.json} names it. */
    public String torchName() {
        return torchName;
    }

    /** How far a logit may lie from that of the model in memory, as a share of the largest logit. */
    public double tolerance() {
        return tolerance;
    }
}

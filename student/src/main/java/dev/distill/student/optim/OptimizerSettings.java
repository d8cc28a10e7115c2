package dev.distill.student.optim;

/** Which rule turns gradients into updates, with its constants; the learning rate comes from a {@link Schedule}. */
public sealed interface OptimizerSettings permits AdamWSettings, EightBitAdamWSettings, MuonSettings {

    /** Of AdamW, which every rule uses for some weights at least; clipping is for all of them. */
    AdamWSettings adamW();
}

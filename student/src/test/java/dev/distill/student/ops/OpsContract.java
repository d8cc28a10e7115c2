package dev.distill.student.ops;

/** What every implementation of {@link Ops} must pass. */
public interface OpsContract
        extends MatrixContract,
                LayerContract,
                AttentionContract,
                HeadContract,
                DistillationContract,
                PyTorchContract,
                SameDiffContract,
                EightBitContract,
                FourBitContract {}

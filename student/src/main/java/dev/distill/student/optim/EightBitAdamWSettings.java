package dev.distill.student.optim;

/**
 * AdamW with its moments in eight bits (Dettmers et al. 2021, arXiv:2110.02861), as bitsandbytes' {@code AdamW8bit}: two bytes and a thirty-second
 * of a weight instead of eight.
 */
public record EightBitAdamWSettings(AdamWSettings adamW) implements OptimizerSettings {
    /** Smaller tensors keep FLOAT moments: norms and biases, which are sensitive and few. */
    public static final int LEAST_SIZE = 4096;
}

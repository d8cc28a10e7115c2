package dev.distill.plan;

import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.ops.Compute;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.util.Optional;

/**
 * A training, as far as memory and speed depend on it.
 *
 * @param model whose weights there are
 * @param stored type in which the weights lie in the model's file
 * @param lora the adapter; empty where all weights are trained
 * @param computing types and threads
 * @param activations whether they wait for the backward
 */
public record TrainingJob(
        ModelConfig model, DType stored, Optional<LoraConfig> lora, Computing computing, Decoder.Memory activations) {

    /** The same with activations computed again. */
    public TrainingJob recomputing() {
        return new TrainingJob(model, stored, lora, computing, Decoder.Memory.RECOMPUTE);
    }

    /** The same with an adapter. */
    public TrainingJob with(LoraConfig adapter) {
        return new TrainingJob(model, stored, Optional.of(adapter), computing, activations);
    }

    /** The same in other types. */
    public TrainingJob with(Computing other) {
        return new TrainingJob(model, stored, lora, other, activations);
    }

    public boolean isFull() {
        return lora.isEmpty();
    }

    /** Single weights that are trained: those of the model, or of the adapter. */
    public long trainedWeights() {
        return lora.isEmpty() ? model.parameterCount() : adapterWeights();
    }

    /** Of the factors {@code [R, I]} and {@code [O, R]} of every linear layer that has them. */
    public long adapterWeights() {
        return model.parameters().stream()
                .filter(ParameterSpec::isLinear)
                .mapToLong(spec -> (long) rank(layerOf(spec))
                        * (spec.shape().get(0) + spec.shape().get(1)))
                .sum();
    }

    /** Rank of the adapter of a linear layer; 0 for none. */
    int rank(String layer) {
        return lora.isEmpty() ? 0 : lora.get().rankOf(layer);
    }

    /** Whether products multiply BFLOAT16. */
    boolean isHalf() {
        return computing.floating() == DType.BFLOAT16;
    }

    boolean isEightBits() {
        return computing.type() == Compute.INT8;
    }

    private static String layerOf(ParameterSpec spec) {
        return spec.name().substring(0, spec.name().lastIndexOf('.'));
    }
}

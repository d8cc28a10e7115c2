package dev.distill.plan;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.ActivationMemory;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.ops.Compute;
import dev.distill.student.optim.OptimizerMemory;
import dev.distill.student.optim.OptimizerSettings;
import dev.distill.student.tensor.DType;
import dev.distill.train.Computing;
import java.util.List;

/**
 * A training, as far as memory and speed depend on it.
 *
 * @param model whose weights there are
 * @param stored type in which the weights lie in the model's file
 * @param trained what of them, or an adapter beside them
 * @param optimizer the rule of its updates
 * @param computing types and threads
 * @param activations whether they wait for the backward
 */
public record TrainingJob(
        ModelConfig model,
        DType stored,
        Trained trained,
        OptimizerSettings optimizer,
        Computing computing,
        Decoder.Memory activations) {

    /** The same with activations computed again. */
    public TrainingJob recomputing() {
        return new TrainingJob(model, stored, trained, optimizer, computing, Decoder.Memory.RECOMPUTE);
    }

    /** The same with something else trained. */
    public TrainingJob with(Trained other) {
        return new TrainingJob(model, stored, other, optimizer, computing, activations);
    }

    /** The same with another rule of updates. */
    public TrainingJob with(OptimizerSettings other) {
        return new TrainingJob(model, stored, trained, other, computing, activations);
    }

    /** The same in other types. */
    public TrainingJob with(Computing other) {
        return new TrainingJob(model, stored, trained, optimizer, other, activations);
    }

    /** Whether the model's own weights are trained. */
    public boolean isFull() {
        return trained instanceof Trained.Weights;
    }

    /** Whether the linear layers of the blocks lie in NF4. */
    public boolean isFourBits() {
        return trained instanceof Trained.Adapter adapter && adapter.fourBits();
    }

    /** Weights that get gradients and updates: of the model, or the adapter's. */
    public List<ParameterSpec> updated() {
        return switch (trained) {
            case Trained.Weights _ ->
                model.parameters().stream().filter(this::isUpdated).toList();
            case Trained.Adapter(LoraConfig lora, boolean _) -> Lora.specs(lora, model);
        };
    }

    /** Whether this weight of the model is trained itself. */
    boolean isUpdated(ParameterSpec spec) {
        return trained instanceof Trained.Weights weights && !weights.frozen().contains(spec.name());
    }

    /** Single weights that are trained. */
    public long trainedWeights() {
        return updated().stream().mapToLong(ParameterSpec::size).sum();
    }

    /** Of those, the adapter's. */
    public long adapterWeights() {
        return isFull() ? 0 : trainedWeights();
    }

    /** Bytes of what the optimizer remembers. */
    public long momentBytes() {
        OptimizerMemory memory = new OptimizerMemory(optimizer);
        return updated().stream().mapToLong(memory::remembered).sum();
    }

    /** How often a frozen matrix is multiplied for a row: forward, backward, and forward again where activations are not kept. */
    int products() {
        return activations == Decoder.Memory.RECOMPUTE ? 3 : 2;
    }

    /** How many of the lowest blocks no gradient goes through. */
    int below() {
        return ActivationMemory.below(model, updated().stream().map(ParameterSpec::name));
    }

    /** Rank of the adapter of a linear layer; 0 for none. */
    int rank(String layer) {
        return trained instanceof Trained.Adapter adapter ? adapter.lora().rankOf(layer) : 0;
    }

    /** Whether products multiply BFLOAT16. */
    boolean isHalf() {
        return computing.floating() == DType.BFLOAT16;
    }

    boolean isEightBits() {
        return computing.type() == Compute.INT8;
    }
}

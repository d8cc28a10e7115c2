package dev.distill.bench;

import dev.distill.student.adapter.Lora;
import dev.distill.student.adapter.LoraConfig;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.Computing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A decoder to measure, with the weights and the operations under it, closed together. */
public final class BenchModel implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Decoder decoder;

    /** @param model a Hugging Face folder or a GGUF file */
    private BenchModel(Path model, Computing computing, ModelWeights.Use use, Assembly assembly) throws IOException {
        try {
            Ops ops = own(computing.ops());
            StoredWeights stored = own(StoredWeights.open(model));
            decoder = own(assembly.decoder(this, ops, own(computing.load(stored, ops, use))));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @FunctionalInterface
    private interface Assembly {
        Decoder decoder(BenchModel owner, Ops ops, ModelWeights weights);
    }

    /** Weights that stay as they are. */
    public static BenchModel frozen(Path model, Computing computing) throws IOException {
        return new BenchModel(
                model, computing, ModelWeights.Use.INFERENCE, (owner, ops, weights) -> new Decoder(ops, weights));
    }

    /** A model to train: all of its weights, or a LoRA on every linear layer inside the blocks, alpha twice the rank. */
    public static BenchModel trained(Path model, Computing computing, TrainBench.Settings settings) throws IOException {
        return switch (settings.mode()) {
            case FULL ->
                new BenchModel(
                        model,
                        computing,
                        ModelWeights.Use.TRAINED,
                        (owner, ops, weights) ->
                                new Decoder(ops, weights, (name, base) -> base, settings.activations()));
            case LORA -> adapted(model, computing, ModelWeights.Use.FROZEN, settings);
            case QLORA -> adapted(model, computing, ModelWeights.Use.FOUR_BITS, settings);
        };
    }

    private static BenchModel adapted(
            Path model, Computing computing, ModelWeights.Use use, TrainBench.Settings settings) throws IOException {
        return new BenchModel(model, computing, use, (owner, ops, weights) -> {
            Lora lora = owner.own(Lora.create(lora(settings), weights.config()));
            return new Decoder(ops, weights, lora, settings.activations());
        });
    }

    private static LoraConfig lora(TrainBench.Settings settings) {
        return new LoraConfig(
                settings.rank(), 2.0 * settings.rank(), false, List.of(LoraConfig.ALL_LINEAR), settings.seed());
    }

    public Decoder decoder() {
        return decoder;
    }

    private <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    /** Last opened, first closed. */
    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("closing a model", e);
            }
        }
    }
}

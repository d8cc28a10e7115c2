package dev.distill.pipeline;

import dev.distill.student.model.ModelConfig;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import dev.distill.train.Computing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Operations in the type that an evaluation computes in ({@code eval.compute}), made when a model asks for them and shared by models of one
 * type. Closed behind the models that use them.
 */
final class EvalOps implements AutoCloseable {
    private final TrainPart.Compute wanted;
    private final Map<Computing, Ops> made = new HashMap<>();

    EvalOps(TrainPart.Compute wanted) {
        this.wanted = wanted;
    }

    /** For this model, a Hugging Face folder or a GGUF file, of which the number of parameters decides where the type is {@code auto}. */
    Ops of(Path model) throws IOException {
        ModelConfig config;
        try (StoredWeights stored = StoredWeights.open(model)) {
            config = stored.config();
        }
        Computing computing =
                TrainCompute.choose(wanted, config, Runtime.getRuntime().availableProcessors());
        return made.computeIfAbsent(computing, Computing::ops);
    }

    @Override
    public void close() {
        made.values().forEach(Ops::close);
    }
}

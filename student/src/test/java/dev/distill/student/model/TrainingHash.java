package dev.distill.student.model;

import dev.distill.student.ops.Ops;
import dev.distill.student.optim.AdamWSettings;
import dev.distill.student.optim.Optimizer;
import dev.distill.student.optim.TrainStep;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** A hash of the bits that a few steps of training leave in weights, moments and losses. */
public final class TrainingHash {
    private static final long SEED = 20261124;

    /** Qwen 3's options, in widths that leave a rest beside vectors of 4, 8 and 16 numbers. */
    private static final ModelConfig CONFIG = new ModelConfig(
            new Family.Qwen3(),
            TinyModels.VOCABULARY,
            10,
            2,
            new AttentionShape(2, 1, 6, false, false, true),
            19,
            Rope.of(100),
            1e-5,
            true,
            64,
            List.of(0));

    private TrainingHash() {}

    /** Two steps of two micro-batches. */
    public static int run(Ops ops) {
        try (ModelWeights weights = TinyModels.weights(CONFIG, SEED);
                Decoder model = new Decoder(ops, weights);
                Optimizer optimizer = new Optimizer(ops, model.trained(), AdamWSettings.DEFAULT)) {
            TrainStep step = new TrainStep(model, optimizer);
            int hash = 0;
            for (int i = 0; i < 2; i++) {
                List<PackedRow> rows = List.of(TinyModels.row(SEED + i, 5, 1, 3), TinyModels.row(SEED - i, 7));
                hash = 31 * hash + step.run(rows, 1e-2).hashCode();
            }
            for (Tensor state : optimizer.state().values()) {
                hash = 31 * hash + Arrays.hashCode(state.toArray());
            }
            return hash;
        }
    }
}

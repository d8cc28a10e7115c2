package dev.distill.export;

import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.PackedRow;
import dev.distill.student.model.ParameterSpec;
import dev.distill.student.model.WeightSource;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import dev.distill.student.weights.TensorContent;
import dev.distill.student.weights.WeightsFolder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads again what was exported and compares it with the model in memory: every weight, bit by bit in the type that was
 * written; the logits at every position of a few prompts; and what both write greedily after them.
 */
public final class ParityGate {
    private static final int NEW_TOKENS = 48;

    private ParityGate() {}

    /**
     * What the comparison found.
     *
     * @param maxLogitDiff largest difference of a logit
     * @param largestLogit largest logit by size, what the difference is measured against
     * @param greedyAgreement share of the greedily written tokens, up to the first that differs in each text
     * @param tolerance how large {@code maxLogitDiff / largestLogit} may be
     */
    public record Parity(double maxLogitDiff, double largestLogit, double greedyAgreement, double tolerance) {
        public boolean passes() {
            return maxLogitDiff <= tolerance * largestLogit;
        }
    }

    /** An export that is not the model it was made from; its folder must not be published. */
    public static final class DriftException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DriftException(Path folder, String weight, long byteOffset) {
            super(folder + ": parity gate: " + weight + " must hold what was trained; its data differ from byte "
                    + byteOffset + " on. Do not publish this folder; export again, and if that fails too, suspect the"
                    + " disk or report a defect");
        }

        DriftException(Path folder, Parity parity) {
            super(folder + ": parity gate: a logit may differ by at most " + parity.tolerance()
                    + " of the largest, " + parity.largestLogit() + "; it differs by " + parity.maxLogitDiff()
                    + ". Do not publish this folder; export in a wider type, or report a defect");
        }
    }

    /**
     * Compares, and throws {@link DriftException} where the export is not the model.
     *
     * @param weights what was to be written, an adapter merged
     * @param prompts token ids, a handful; where the model has no room for one and a few new tokens, its beginning is taken
     */
    public static Parity check(
            Decoder inMemory, WeightSource weights, Path exported, WeightType type, List<int[]> prompts)
            throws IOException {
        compareWeights(inMemory.config(), weights, exported, type);
        int room = Math.max(1, inMemory.config().maxPositions() - NEW_TOKENS);
        List<int[]> fitting = prompts.stream()
                .map(ids -> Arrays.copyOf(ids, Math.min(ids.length, room)))
                .toList();
        return compareOutputs(inMemory, exported, type, fitting);
    }

    private static void compareWeights(ModelConfig config, WeightSource weights, Path exported, WeightType type)
            throws IOException {
        try (WeightsFolder written = WeightsFolder.open(exported)) {
            for (ParameterSpec spec : config.parameters()) {
                MemorySegment found = written.bytes(spec.name());
                long[] at = {0};
                TensorContent.write(weights.get(spec.name()), type.storage(), expected -> {
                    long left = Math.min(expected.byteSize(), found.byteSize() - at[0]);
                    long differs = expected.mismatch(found.asSlice(at[0], left));
                    if (differs >= 0) {
                        throw new DriftException(exported, spec.name(), at[0] + differs);
                    }
                    at[0] += expected.byteSize();
                });
                if (at[0] < found.byteSize()) {
                    throw new DriftException(exported, spec.name(), at[0]);
                }
            }
        }
    }

    private static Parity compareOutputs(Decoder inMemory, Path exported, WeightType type, List<int[]> prompts)
            throws IOException {
        Ops ops = inMemory.ops();
        try (StoredWeights stored = StoredWeights.open(exported);
                ModelWeights weights = ModelWeights.load(stored.config(), stored, ops, ModelWeights.Use.INFERENCE);
                Decoder reread = new Decoder(ops, weights)) {
            double largest = 0;
            double difference = 0;
            for (int[] prompt : prompts) {
                PackedRow row = PackedRow.nextToken(prompt);
                List<float[]> ours = logits(inMemory, row);
                List<float[]> theirs = logits(reread, row);
                for (int i = 0; i < ours.size(); i++) {
                    for (int v = 0; v < ours.get(i).length; v++) {
                        largest = Math.max(largest, Math.abs(ours.get(i)[v]));
                        difference = Math.max(difference, Math.abs(ours.get(i)[v] - theirs.get(i)[v]));
                    }
                }
            }
            Parity parity = new Parity(difference, largest, agreement(inMemory, reread, prompts), type.tolerance());
            if (!parity.passes()) {
                throw new DriftException(exported, parity);
            }
            return parity;
        }
    }

    private static List<float[]> logits(Decoder model, PackedRow row) {
        List<float[]> rows = new ArrayList<>();
        model.forEachLogits(row, (n, logits_V) -> rows.add(logits_V.toArray()));
        return rows;
    }

    private static double agreement(Decoder first, Decoder second, List<int[]> prompts) {
        List<Generation> a = greedy(first, prompts);
        List<Generation> b = greedy(second, prompts);
        int same = 0;
        int all = 0;
        for (int i = 0; i < a.size(); i++) {
            int[] x = a.get(i).ids();
            int[] y = b.get(i).ids();
            int k = 0;
            while (k < Math.min(x.length, y.length) && x[k] == y[k]) {
                k++;
            }
            same += k;
            all += Math.max(x.length, y.length);
        }
        return all == 0 ? 1 : (double) same / all;
    }

    private static List<Generation> greedy(Decoder model, List<int[]> prompts) {
        int longest = prompts.stream().mapToInt(ids -> ids.length).max().orElse(1);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int[] prompt : prompts) {
            requests.add(new GenerationRequest(
                    requests.size(),
                    prompt,
                    Sampling.GREEDY,
                    0,
                    NEW_TOKENS,
                    Set.copyOf(model.config().eosIds())));
        }
        int positions = Math.min(longest + NEW_TOKENS, model.config().maxPositions());
        try (Generator generator = new Generator(model, prompts.size(), positions)) {
            return generator.generate(requests, (row, id, logProbability) -> true);
        }
    }
}

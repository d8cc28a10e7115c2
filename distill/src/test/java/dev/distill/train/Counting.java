package dev.distill.train;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Sample.Span;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.model.Rope;
import dev.distill.student.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** What a student of a few hundred weights is taught in a moment: to count, modulo 16. */
final class Counting {
    static final ModelConfig CONFIG = new ModelConfig(
            new Family.Qwen2(),
            16,
            8,
            1,
            new AttentionShape(2, 1, 4, true, false, false),
            16,
            Rope.of(100),
            1e-6,
            true,
            32,
            List.of(0));

    private Counting() {}

    /** Counting upwards, modulo 16; the first number is given, the others are to be learnt. */
    static List<Sample> samples(int from, int to) {
        List<Sample> samples = new ArrayList<>();
        for (int i = from; i < to; i++) {
            int[] ids = new int[6 + i % 5];
            for (int t = 0; t < ids.length; t++) {
                ids[t] = (i + t) % 16;
            }
            samples.add(new Sample("t" + i, ids, List.of(new Span(1, ids.length))));
        }
        return samples;
    }

    /** Every weight, for comparing runs to the bit. */
    static List<List<Float>> values(ModelWeights weights) {
        return weights.names().stream().map(name -> values(weights.get(name))).toList();
    }

    static List<Float> values(Tensor tensor) {
        List<Float> values = new ArrayList<>();
        for (long i = 0; i < tensor.size(); i++) {
            values.add(tensor.get(i));
        }
        return values;
    }
}

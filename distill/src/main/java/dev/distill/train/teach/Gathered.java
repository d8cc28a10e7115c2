package dev.distill.train.teach;

import dev.distill.data.shard.SparseDistributions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Probabilities that a teacher's words give to a student's tokens, place by place: those of one token add up, the K likeliest stay. */
final class Gathered {
    private final int k;
    private final int[] ids_PK;
    private final float[] logProbabilities_PK;
    private final Map<Integer, Double> mass = new HashMap<>();

    Gathered(int places, int k) {
        this.k = k;
        this.ids_PK = new int[places * k];
        this.logProbabilities_PK = new float[places * k];
        Arrays.fill(ids_PK, SparseDistributions.NONE);
    }

    void add(int id, double logProbability) {
        mass.merge(id, StrictMath.exp(logProbability), Double::sum);
    }

    /** What was added since the last one is this place's. */
    void put(int place) {
        double whole = Math.max(
                1, mass.values().stream().mapToDouble(Double::doubleValue).sum()); // rounding, or a word told twice
        List<Map.Entry<Integer, Double>> likeliest = mass.entrySet().stream()
                .sorted(Map.Entry.<Integer, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .filter(entry -> entry.getValue() > 0)
                .limit(k)
                .toList();
        for (int i = 0; i < likeliest.size(); i++) {
            ids_PK[place * k + i] = likeliest.get(i).getKey();
            logProbabilities_PK[place * k + i] =
                    (float) Math.min(0, StrictMath.log(likeliest.get(i).getValue() / whole));
        }
        mass.clear();
    }

    SparseDistributions distributions() {
        return new SparseDistributions(k, ids_PK, logProbabilities_PK);
    }
}

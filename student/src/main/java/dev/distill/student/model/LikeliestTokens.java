package dev.distill.student.model;

import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.TeacherRows;
import dev.distill.student.tensor.Tensor;
import java.util.Arrays;

/** The K likeliest tokens after each position of a row that has a target, from log-probabilities that come position by position. */
public final class LikeliestTokens {
    private final int k;
    private final int[] ids_NK;
    private final float[] logProbabilities_NK;

    /** @param k K, at least 1 */
    LikeliestTokens(int rows, int k) {
        this.k = k;
        this.ids_NK = new int[rows * k];
        this.logProbabilities_NK = new float[rows * k];
        Arrays.fill(ids_NK, TeacherRows.NONE);
    }

    /** Those of one place, the likeliest first; of equals the smaller id. @param k K, at least 1; cut to the vocabulary */
    public static TeacherRows of(Tensor logProbabilities_1V, int k) {
        LikeliestTokens place = new LikeliestTokens(1, Math.min(k, Math.toIntExact(logProbabilities_1V.size())));
        place.put(0, logProbabilities_1V);
        return place.rows();
    }

    /** The likeliest first; of equals the smaller id. */
    void put(int row, Tensor logProbabilities_V) {
        float[] values = logProbabilities_V.toArray();
        int from = row * k;
        int count = 0;
        for (int id = 0; id < values.length; id++) {
            float value = values[id];
            if (count == k && value <= logProbabilities_NK[from + k - 1]) {
                continue;
            }
            int place = count < k ? count++ : k - 1;
            while (place > 0 && logProbabilities_NK[from + place - 1] < value) {
                logProbabilities_NK[from + place] = logProbabilities_NK[from + place - 1];
                ids_NK[from + place] = ids_NK[from + place - 1];
                place--;
            }
            logProbabilities_NK[from + place] = value;
            ids_NK[from + place] = id;
        }
    }

    TeacherRows rows() {
        return new TeacherRows(k, ids_NK, logProbabilities_NK);
    }

    static boolean wanted(PackedRow row, int n) {
        return row.targets_N()[n] != CrossEntropy.NO_TARGET;
    }
}

package dev.distill.student.layer;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;

/**
 * Rotary position embedding (arXiv:2104.09864) of queries and keys, in place; its tables grow with the longest sequence
 * seen.
 */
public final class Rotary {
    private static final int FIRST_POSITIONS = 256;

    private final float[] inverseFrequencies;
    private final float amplitude;
    private final int maxPositions;
    private Tables tables = new Tables(new float[0], 1, 0);

    /**
     * @param inverseFrequencies radians a position for each of the D/2 pairs of a head, scaling included
     * @param amplitude what cosines and sines are multiplied by, 1 but for YaRN
     * @param maxPositions the longest sequence that is allowed
     */
    public Rotary(float[] inverseFrequencies, double amplitude, int maxPositions) {
        this.inverseFrequencies = inverseFrequencies.clone();
        this.amplitude = (float) amplitude;
        this.maxPositions = maxPositions;
    }

    /**
     * forward, in place: {@code (a, b) -> (a cos - b sin, b cos + a sin)} for entries i and i + D/2 of each head, times the
     * amplitude.
     */
    public void forward(Pass pass, Tensor x_NHD) {
        Tables t = tablesFor(pass.positions_N());
        pass.ops().rotary(x_NHD, t.cos_PD2, t.sin_PD2, pass.positions_N());
    }

    /** backward, in place: the rotation the other way, times the amplitude, which is its transpose. */
    public void backward(Pass pass, Tensor dx_NHD) {
        Tables t = tablesFor(pass.positions_N());
        pass.ops().rotaryBackward(dx_NHD, t.cos_PD2, t.sin_PD2, pass.positions_N());
    }

    private Tables tablesFor(int[] positions_N) {
        int needed = 1 + Arrays.stream(positions_N).max().orElse(0);
        if (needed > maxPositions) {
            throw new IllegalArgumentException("rotary: the model is made for at most " + maxPositions
                    + " positions (max_position_embeddings), got a sequence of " + needed);
        }
        if (needed > tables.positions) {
            int grown = Math.max(FIRST_POSITIONS, Math.max(needed, 2 * tables.positions));
            tables = new Tables(inverseFrequencies, amplitude, Math.min(grown, maxPositions));
        }
        return tables;
    }

    /** Amplitude times {@code cos[p, i]} and {@code sin[p, i]} of {@code p x inverse frequency i}; the collector frees them. */
    private static final class Tables {
        private final int positions;
        private final Tensor cos_PD2;
        private final Tensor sin_PD2;

        private Tables(float[] inverseFrequencies, float amplitude, int positions) {
            this.positions = positions;
            int half = inverseFrequencies.length;
            float[] cos = new float[positions * half];
            float[] sin = new float[positions * half];
            for (int p = 0; p < positions; p++) {
                for (int i = 0; i < half; i++) {
                    // the product in float, as in the code that the models were trained with
                    float angle = p * inverseFrequencies[i];
                    cos[p * half + i] = amplitude * (float) StrictMath.cos(angle);
                    sin[p * half + i] = amplitude * (float) StrictMath.sin(angle);
                }
            }
            Arena collected = Arena.ofAuto();
            this.cos_PD2 = Tensor.allocate(collected, DType.FLOAT, positions, half);
            this.sin_PD2 = Tensor.allocate(collected, DType.FLOAT, positions, half);
            cos_PD2.setAll(cos);
            sin_PD2.setAll(sin);
        }
    }
}

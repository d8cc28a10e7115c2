package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

final class ExpTest {
    /** A step of 1e-4 over the whole range, against Math.exp in double. */
    @Test
    void atMostOneUlpFromTheExactValue() {
        double worst = 0;
        float[] x = new float[Floats.LANES];
        float[] y = new float[Floats.LANES];
        for (double start = Exp.LOWEST; start < 88; start += 1e-4 * Floats.LANES) {
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) (start + 1e-4 * i);
            }
            Exp.exp(FloatVector.fromArray(Floats.SPECIES, x, 0)).intoArray(y, 0);
            for (int i = 0; i < x.length; i++) {
                double exact = Math.exp(Math.min(x[i], 88));
                worst = Math.max(worst, Math.abs(y[i] - exact) / Math.ulp((float) exact));
            }
        }
        assertThat(worst).isLessThanOrEqualTo(1.0);
    }

    @Test
    void theEndsAreThoseOfTheRange() {
        assertThat(exp(-1000)).isEqualTo(exp(Exp.LOWEST)).isBetween(0f, 2e-38f);
        assertThat(exp(Float.NEGATIVE_INFINITY)).isEqualTo(exp(Exp.LOWEST));
        assertThat(exp(1000)).isEqualTo(exp(88)).isFinite();
        assertThat(exp(0)).isEqualTo(1f);
        assertThat(exp(Float.NaN)).isNaN();
    }

    /** Every other vector of a column, so that the step counts too. */
    @Test
    void aColumnHasTheSameNumbers() {
        int count = 50;
        int width = 2 * Floats.LANES;
        float[] values = new float[count * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i) * 120;
        }
        Tensor scores = Tensor.of(Arena.ofAuto(), values, count, width);
        FloatVector shift = Floats.broadcast(3f);
        Exp.column(Floats.address(scores), count, (long) width * Floats.BYTES, 0.7f, shift);
        for (int i = 0; i < values.length; i++) {
            float expected = i % width < Floats.LANES ? exp(Math.fma(values[i], 0.7f, -3f)) : values[i];
            assertThat(scores.get(i)).isEqualTo(expected);
        }
    }

    private static float exp(float x) {
        return Exp.exp(Floats.broadcast(x)).lane(0);
    }
}

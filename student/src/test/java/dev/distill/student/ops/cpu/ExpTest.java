package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static float exp(float x) {
        return Exp.exp(Floats.broadcast(x)).lane(0);
    }
}

package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.student.ops.Compute;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComputeChoiceTest {
    private static ComputeChoice of(double single, double half) {
        return ComputeChoice.of(
                new MatmulRates(Map.of(Compute.FLOAT, single, Compute.BFLOAT16, half, Compute.INT8, 1000.0)));
    }

    @Test
    void theFasterTypeAndNeverEightBitsUnasked() {
        ComputeChoice choice = of(230, 130);
        assertThat(choice.type()).isEqualTo(Compute.FLOAT);
        assertThat(choice.why()).isEqualTo("the faster one here: float 230 GFLOP/s, bfloat16 130");
    }

    @Test
    void bfloat16WhereItIsFaster() {
        ComputeChoice choice = of(215, 383);
        assertThat(choice.type()).isEqualTo(Compute.BFLOAT16);
        assertThat(choice.why()).isEqualTo("the faster one here: float 215 GFLOP/s, bfloat16 383");
    }

    @Test
    void floatAlone() {
        ComputeChoice choice = ComputeChoice.of(new MatmulRates(Map.of(Compute.FLOAT, 50.0)));
        assertThat(choice.type()).isEqualTo(Compute.FLOAT);
        assertThat(choice.why()).contains("float alone");
    }

    @Test
    void ratesWithoutFloatAreNone() {
        assertThatThrownBy(() -> new MatmulRates(Map.of(Compute.INT8, 5.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FLOAT must be there", "INT8");
    }
}

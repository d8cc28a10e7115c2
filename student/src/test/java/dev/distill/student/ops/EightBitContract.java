package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments in eight bits, against bitsandbytes. */
interface EightBitContract {
    /** Of {@code make_bitsandbytes_fixtures.py}. */
    int UPDATES = 20;

    int EVERY = 16;

    Ops ops();

    @ParameterizedTest
    @CsvSource({"DYNAMIC,blockwise", "UNSIGNED_DYNAMIC,unsigned_blockwise"})
    default void blocksAreRoundedAsBitsAndBytesDoes(DType type, String fixture) {
        BitsAndBytesNumbers expected = BitsAndBytesNumbers.of(fixture);
        Tensor x = BitsAndBytesNumbers.tensor(1, 900);
        for (int i = 0; i < x.size(); i++) {
            boolean zero = i >= 512 && i < 768;
            float value = type == DType.DYNAMIC ? x.get(i) : x.get(i) * x.get(i);
            x.set(i, zero ? 0 : value);
        }
        Tensor y = Tensor.allocateDynamic(Arena.ofAuto(), type, 900);
        ops().copy(y, x);
        assertThat(codes(y)).isEqualTo(expected.codes("codes"));
        assertThat(y.scales().toArray()).isEqualTo(expected.floats("absmax"));

        Tensor back = Numbers.output(900);
        ops().copy(back, y);
        assertThat(back.toArray()).isEqualTo(expected.floats("values"));
    }

    /** Codes to the last one: the arithmetic between them is the same, so no moment comes to lie on the other side of a code's end. */
    @ParameterizedTest
    @ValueSource(strings = {"matrix", "vector"})
    default void updatesAreThoseOfAdamW8bit(String fixture) {
        BitsAndBytesNumbers expected = BitsAndBytesNumbers.of(fixture);
        int[] shape = expected.shape();
        Tensor w = BitsAndBytesNumbers.tensor(2, shape);
        Tensor m = Tensor.allocateDynamic(Arena.ofAuto(), DType.DYNAMIC, shape);
        Tensor v = Tensor.allocateDynamic(Arena.ofAuto(), DType.UNSIGNED_DYNAMIC, shape);
        for (int step = 0; step < UPDATES; step++) {
            Tensor dw = BitsAndBytesNumbers.tensor(10 + step, shape);
            ops().adamW(w, m, v, dw, new AdamW(0x1p-7f, 0.9f, 0.95f, 1e-8f, 0x1p-4f, step + 1, 1));
            assertThat(dw.toArray()).containsOnly(0);
        }
        assertThat(codes(m)).isEqualTo(expected.codes("codes1"));
        assertThat(codes(v)).isEqualTo(expected.codes("codes2"));
        assertThat(m.scales().toArray()).containsExactly(expected.floats("absmax1"), within(1e-6f));
        assertThat(v.scales().toArray()).containsExactly(expected.floats("absmax2"), within(1e-6f));
        float[] weights = expected.floats("weights");
        for (int i = 0; i < weights.length; i++) {
            assertThat(w.get((long) EVERY * i)).as("weight %d", EVERY * i).isCloseTo(weights[i], within(5e-7f));
        }
    }

    private static byte[] codes(Tensor dynamic) {
        return dynamic.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    default void eightBitsAreForMomentsInPairs() {
        Tensor floats = Numbers.zeros(300);
        Tensor m = Tensor.allocateDynamic(Arena.ofAuto(), DType.DYNAMIC, 300);
        AdamW update = new AdamW(0.1f, 0.9f, 0.95f, 1e-8f, 0, 1, 1);
        assertThatThrownBy(() -> ops().adamW(Numbers.zeros(300), m, floats, Numbers.zeros(300), update))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("AdamW: needs moments in FLOAT, or in DYNAMIC and UNSIGNED_DYNAMIC, got [DYNAMIC[300],"
                        + " FLOAT[300]]");
        assertThatThrownBy(() -> ops().copy(Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, 300), m))
                .hasMessage("copy: is not made from eight bits or less, got [BFLOAT16[300], DYNAMIC[300]]");
    }
}

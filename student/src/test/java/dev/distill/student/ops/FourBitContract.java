package dev.distill.student.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.NormalFloatLayout;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in NF4: their numbers against bitsandbytes, products against those of the widened numbers. */
interface FourBitContract {
    Ops ops();

    /** A matrix with one level of scales' blocks and more, and one whose last block is not full. */
    @ParameterizedTest
    @ValueSource(strings = {"nf4", "nf4_with_part_of_a_block"})
    default void matricesAreRoundedAsBitsAndBytesDoes(String fixture) {
        BitsAndBytesNumbers expected = BitsAndBytesNumbers.of(fixture);
        int[] shape = expected.shape();
        Tensor w = BitsAndBytesNumbers.tensor(3, shape);
        Tensor q = Tensor.allocateNormalFloats(Arena.ofAuto(), shape[0], shape[1]);
        ops().copy(q, w);
        byte[] pairs = expected.codes("codes"); // two codes a byte, the first in the upper half
        for (int i = 0; i < q.size(); i++) {
            assertThat(NormalFloatLayout.codeAt(q.segment(), i))
                    .as("code %d", i)
                    .isEqualTo(pairs[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15);
        }
        byte[] scales = q.scales().segment().toArray(ValueLayout.JAVA_BYTE);
        assertThat(scales).isEqualTo(expected.codes("absmax_codes"));
        assertThat(q.scales().scales().toArray()).containsExactly(expected.floats("absmax_absmax"), within(1e-7f));
        float mean = q.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, NormalFloatLayout.mean(q.size()));
        assertThat(mean).isCloseTo(expected.number("offset"), within(1e-7f));

        Tensor back = Numbers.output(shape);
        ops().copy(back, q);
        float[] values = expected.floats("values"); // every 16th
        for (int i = 0; i < values.length; i++) {
            assertThat(back.get(16L * i)).as("number %d", 16 * i).isCloseTo(values[i], within(2e-7f));
        }
    }

    @Test
    default void theValuesAreThoseOfBitsAndBytes() {
        float[] values = BitsAndBytesNumbers.of("nf4_map").floats();
        for (int code = 0; code < NormalFloatLayout.CODES; code++) {
            assertThat(NormalFloatLayout.value(code)).isEqualTo(values[code]);
            assertThat(NormalFloatLayout.code(values[code])).isEqualTo(code);
        }
        for (int code = 0; code + 1 < NormalFloatLayout.CODES; code++) {
            float end = (values[code] + values[code + 1]) / 2;
            assertThat(NormalFloatLayout.code(end)).isEqualTo(code);
            assertThat(NormalFloatLayout.code(Math.nextUp(end))).isEqualTo(code + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,5,3", "3,17,9", "70,64,33", "5,64,64", "130,300,65"})
    default void productsAreThoseOfTheWidenedNumbers(int n, int in, int out) {
        Numbers numbers = new Numbers(62);
        Tensor q_OI = Tensor.allocateNormalFloats(Arena.ofAuto(), out, in);
        ops().copy(q_OI, numbers.normal(out, in));
        Tensor w_OI = Numbers.output(out, in);
        ops().copy(w_OI, q_OI);
        Tensor x_NI = numbers.normal(n, in);
        Tensor dy_NO = numbers.normal(n, out);
        for (float beta : new float[] {0, 1}) {
            Tensor y_NO = BitsAndBytesNumbers.tensor(4, n, out);
            Tensor expected_NO = BitsAndBytesNumbers.tensor(4, n, out);
            ops().linear(y_NO, x_NI, q_OI, beta);
            ops().linear(expected_NO, x_NI, w_OI, beta);
            assertThat(y_NO.toArray()).isEqualTo(expected_NO.toArray());

            Tensor dx_NI = BitsAndBytesNumbers.tensor(5, n, in);
            Tensor expected_NI = BitsAndBytesNumbers.tensor(5, n, in);
            ops().linearBackwardInput(dx_NI, dy_NO, q_OI, beta);
            ops().linearBackwardInput(expected_NI, dy_NO, w_OI, beta);
            assertThat(dx_NI.toArray()).isEqualTo(expected_NI.toArray());
        }
    }

    /** Half a byte, an eighth of one for the code of 64 numbers' scale, and two bits for the scale of 256 of these. */
    @Test
    default void aNumberTakesAnEighthOfAFloat() {
        Tensor q = Tensor.allocateNormalFloats(Arena.ofAuto(), 1024, 1024);
        long bytes = q.segment().byteSize()
                + q.scales().segment().byteSize()
                + q.scales().scales().segment().byteSize();
        assertThat(8.0 * bytes / q.size()).isCloseTo(4 + 8.0 / 64 + 32.0 / (64 * 256), within(1e-4));
    }

    @Test
    default void fourBitsAreMadeFromWholeNumbersAndNotTrained() {
        Tensor q = Tensor.allocateNormalFloats(Arena.ofAuto(), 4, 8);
        Tensor split = Tensor.allocate(Arena.ofAuto(), DType.SPLIT, 4, 8);
        assertThatThrownBy(() -> ops().copy(q, split))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("copy: to NF4 is made from FLOAT or BFLOAT16, got [NF4[4, 8], SPLIT[4, 8]]");
        assertThatThrownBy(() -> ops().linearBackwardWeight(q, Numbers.zeros(2, 4), Numbers.zeros(2, 8), 1))
                .hasMessageContaining("linear backward weight: needs FLOAT, got NF4[4, 8]");
        assertThatThrownBy(() -> q.slice(0, 1)).hasMessageContaining("cannot be sliced");
    }
}

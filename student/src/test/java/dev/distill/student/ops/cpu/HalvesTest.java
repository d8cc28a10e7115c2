package dev.distill.student.ops.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** BFLOAT16 in vectors: bit for bit what {@link DType} says of single numbers. */
final class HalvesTest {
    private static final int COUNT = 1003; // not a multiple of any vector

    @Test
    void narrowsAsSingleNumbersAre() {
        long seed = 62;
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            float[] values = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                values[i] = Float.intBitsToFloat(random.nextInt()); // all kinds: NaN, infinite, subnormal, ties
            }
            float[] edges = {
                0f,
                -0f,
                Float.NaN,
                Float.intBitsToFloat(0x7F800001),
                Float.POSITIVE_INFINITY,
                Float.MAX_VALUE,
                Float.intBitsToFloat(0x3F808000),
                Float.intBitsToFloat(0x3F818000),
                Float.MIN_VALUE
            };
            System.arraycopy(edges, 0, values, 0, edges.length);
            Tensor from = Tensor.of(Arena.ofAuto(), values, COUNT);
            Tensor to = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, COUNT);
            Halves.narrowBlock(Floats.address(to), Floats.address(from), COUNT);
            for (int i = 0; i < COUNT; i++) {
                short expected = DType.narrow(from.get(i));
                assertThat(Floats.getShort(Floats.address(to) + 2L * i))
                        .as("seed %d, %s", seed, Float.toHexString(values[i]))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void splitsAndJoinsEveryNumberExactly() {
        Random random = new Random(63);
        for (int round = 0; round < 20; round++) {
            float[] values = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                values[i] = Float.intBitsToFloat(round == 0 ? (0x3F80 << 16) + 0x7FF0 + i : random.nextInt());
            }
            Tensor whole = Tensor.of(Arena.ofAuto(), values, COUNT);
            Tensor split = Tensor.allocate(Arena.ofAuto(), DType.SPLIT, COUNT);
            SplitNumbers.of(split).write(0, COUNT, Floats.address(whole));
            Tensor joined = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, COUNT);
            SplitNumbers.of(split).read(0, COUNT, Floats.address(joined));
            assertThat(joined.segment().mismatch(whole.segment())).isEqualTo(-1);
            for (int i = 0; i < COUNT; i++) {
                float value = values[i];
                assertThat(Float.floatToRawIntBits(split.get(i))).isEqualTo(Float.floatToRawIntBits(value));
                double ulp = Math.ulp(value) * 0x1p16; // of the upper half
                if (Math.abs(value) < 0x1p127f && Math.abs(value) > 0x1p-100f) {
                    assertThat(Math.abs((double) split.upper().get(i) - value)).isLessThanOrEqualTo(ulp / 2);
                }
            }
        }
    }

    @Test
    void widensEveryNumberThereIs() {
        int all = 1 << 16;
        Tensor from = Tensor.allocate(Arena.ofAuto(), DType.BFLOAT16, all);
        for (int i = 0; i < all; i++) {
            Floats.putShort(Floats.address(from) + 2L * i, (short) i);
        }
        Tensor to = Tensor.allocate(Arena.ofAuto(), DType.FLOAT, all);
        Halves.widenBlock(Floats.address(to), Floats.address(from), all);
        for (int i = 0; i < all; i++) {
            assertThat(Float.floatToRawIntBits(to.get(i))).isEqualTo(i << 16);
        }
    }
}

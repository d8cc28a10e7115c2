package dev.distill.student.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.student.ops.BitsAndBytesNumbers;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DynamicMapTest {
    private static final long SEED = 61;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"DYNAMIC", "UNSIGNED_DYNAMIC"})
    void isBitsAndBytes(DType type) {
        float[] expected = expected(type);
        assertThat(expected).hasSize(256);
        for (int code = 0; code < 256; code++) {
            assertThat(type.map().value(code)).as("%s %d", type, code).isEqualTo(expected[code]);
        }
    }

    /** Against a search through all ends; also the ends themselves, their neighbours, and numbers beyond the map. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"DYNAMIC", "UNSIGNED_DYNAMIC"})
    void findsTheNearestValue(DType type) {
        float[] values = expected(type);
        Random random = new Random(SEED);
        for (int code = 0; code < 255; code++) {
            float end = (values[code] + values[code + 1]) / 2;
            assertNearest(type, values, end);
            assertNearest(type, values, Math.nextUp(end));
            assertNearest(type, values, Math.nextDown(end));
        }
        for (int i = 0; i < 100_000; i++) {
            float share = (float) (random.nextGaussian() * Math.pow(10, -7 * random.nextDouble()));
            assertNearest(type, values, type == DType.DYNAMIC ? share : Math.abs(share));
        }
    }

    private static void assertNearest(DType type, float[] values, float share) {
        int code = 0;
        while (code < 255 && (values[code] + values[code + 1]) / 2 < share) {
            code++;
        }
        int found = Byte.toUnsignedInt(type.map().code(share));
        assertThat(found).as("%s of %s, seed %d", share, type, SEED).isEqualTo(code);
    }

    private static float[] expected(DType type) {
        return BitsAndBytesNumbers.of(type == DType.DYNAMIC ? "map" : "unsigned_map")
                .floats();
    }
}

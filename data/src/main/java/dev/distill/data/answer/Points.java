package dev.distill.data.answer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values for the letters of two formulas: the same for the same letters, everywhere. First points where all are positive and
 * below 3, then points where each letter is negative at two or more, no two of the first ten letters at the same ones, then
 * larger points for formulas that have no value at the first.
 */
final class Points {
    static final int POSITIVE = 3;

    /** So many points are always tried. */
    static final int USUAL = 7;

    /** And so many at most, where the formulas have no value at most of them. */
    static final int ALL = 13;

    /** At which of the four points behind the positive ones a letter is negative, by its place in the alphabet. */
    private static final int[] NEGATIVE = {
        0b0011, 0b0101, 0b1110, 0b1001, 0b0111, 0b1010, 0b1101, 0b0110, 0b1011, 0b1100, 0b1111
    };

    private final List<String> names;

    Points(Set<String> letters) {
        names = new ArrayList<>(letters);
        names.sort(null);
    }

    Map<String, BigDecimal> at(int point) {
        Map<String, BigDecimal> values = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            boolean negative = point >= POSITIVE
                    && point < USUAL
                    && (NEGATIVE[i % NEGATIVE.length] >> (point - POSITIVE) & 1) == 1;
            BigDecimal size = size(names.get(i), point);
            values.put(names.get(i), negative ? size.negate() : size);
        }
        return values;
    }

    /** Between 0.3 and 2.3, at the last points up to 20; depends on name and point alone. */
    private static BigDecimal size(String name, int point) {
        long mixed = (name.hashCode() * 0x9E3779B97F4A7C15L) ^ ((point + 1) * 0xBF58476D1CE4E5B9L);
        mixed = (mixed ^ (mixed >>> 30)) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        long range = point < USUAL ? 2_000_000L : 20_000_000L;
        return BigDecimal.valueOf(300_000 + Math.floorMod(mixed, range), 6);
    }
}

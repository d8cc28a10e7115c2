package dev.distill.data.answer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Values for the letters of two formulas: the same for the same letters, everywhere. First points where all are positive and
 * below 3, then points where each letter is negative at two or more, no two of the first ten letters at the same ones, then
 * larger points for formulas that have no value at the first. For formulas that bend or jump there are points further out, all
 * over the line around zero, and integers.
 */
final class Points {
    private static final int POSITIVE = 3;

    /** So many points are always tried. */
    static final int USUAL = 7;

    /** And so many at most, where the formulas have no value at most of them. */
    static final int ALL = 13;

    /** At which of the four points behind the positive ones a letter is negative, by its place in the alphabet. */
    private static final int[] NEGATIVE = {
        0b0011, 0b0101, 0b1110, 0b1001, 0b0111, 0b1010, 0b1101, 0b0110, 0b1011, 0b1100, 0b1111
    };

    private static final int FAR = 12;

    /** Half the width of the part of the line that is tried densely. */
    private static final BigDecimal NEAR = BigDecimal.valueOf(13);

    /** Prime, so that every step through them meets all. */
    private static final int DENSE = 29;

    private static final int WHOLE = 31;

    private static final int[] STEPS = {1, 12, 7, 18, 5, 23, 11, 3};

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

    /** Whether all letters are positive at this point. */
    static boolean isPositive(int point) {
        return point < POSITIVE || point >= USUAL;
    }

    /** Points further out: half of them near 13, the others near this reach; at every third one all letters are positive. */
    List<Map<String, BigDecimal>> far(BigDecimal reach) {
        List<Map<String, BigDecimal>> points = new ArrayList<>();
        for (int point = 0; point < FAR; point++) {
            Map<String, BigDecimal> values = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                BigDecimal share =
                        size(names.get(i), ALL + point).movePointLeft(2).add(new BigDecimal("0.75"));
                BigDecimal size = share.multiply(point < FAR / 2 ? NEAR : reach);
                int signs = NEGATIVE[i % NEGATIVE.length] >> (point % (FAR / 2) * 2 / 3);
                boolean negative = point % 3 != 0 && (signs & 1) == 1;
                values.put(names.get(i), negative ? size.negate() : size);
            }
            points.add(values);
        }
        return points;
    }

    /** Points all over the 26 around zero: each letter has one value in each of as many equal parts. */
    List<Map<String, BigDecimal>> dense() {
        return spread(DENSE, (name, place) -> {
            BigDecimal width = NEAR.multiply(BigDecimal.TWO).divide(BigDecimal.valueOf(DENSE), MathContext.DECIMAL64);
            BigDecimal inside = size(name, ALL + FAR + place).divide(BigDecimal.valueOf(21), MathContext.DECIMAL64);
            return width.multiply(BigDecimal.valueOf(place).add(inside)).subtract(NEAR);
        });
    }

    /** Integers: all around zero, and some further out. */
    List<Map<String, BigDecimal>> whole(BigDecimal reach) {
        List<Map<String, BigDecimal>> points =
                new ArrayList<>(spread(WHOLE, (name, place) -> BigDecimal.valueOf(place - WHOLE / 2)));
        for (Map<String, BigDecimal> point : far(reach)) {
            Map<String, BigDecimal> values = new HashMap<>();
            point.forEach((name, value) -> values.put(name, value.setScale(0, RoundingMode.HALF_EVEN)));
            points.add(values);
        }
        return points;
    }

    /** One value for each letter at each of so many places, in an order of its own. */
    private List<Map<String, BigDecimal>> spread(int count, BiFunction<String, Integer, BigDecimal> value) {
        List<Map<String, BigDecimal>> points = new ArrayList<>();
        for (int point = 0; point < count; point++) {
            Map<String, BigDecimal> values = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                int step = STEPS[i % STEPS.length];
                values.put(names.get(i), value.apply(names.get(i), Math.floorMod(point * step + 7 * i, count)));
            }
            points.add(values);
        }
        return points;
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

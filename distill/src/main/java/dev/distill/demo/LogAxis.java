package dev.distill.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * A logarithmic axis. Its ends are numbers of the series 1, 2, 5, 10 ..., as are its ticks.
 *
 * @param bottom above 0
 * @param top above {@code bottom}
 */
record LogAxis(double bottom, double top) {
    /** Mantissas of the series within one decade. */
    private static final int[] SERIES = {1, 2, 5};

    /** Decades above which only whole powers of ten are ticks. */
    private static final int WIDE = 3;

    LogAxis {
        if (!(bottom > 0) || !(top > bottom) || Double.isInfinite(top)) {
            throw new IllegalArgumentException(
                    "log axis: must begin above 0 and end, finite, above that; got " + bottom + " and " + top);
        }
    }

    /** The shortest axis that holds both numbers, which are finite and above 0. */
    static LogAxis over(double smallest, double largest) {
        int first = (int) Math.floor(SERIES.length * Math.log10(smallest)) - 1;
        while (member(first + 1) <= smallest) {
            first++;
        }
        int last = first + 1;
        while (member(last) < largest) {
            last++;
        }
        return new LogAxis(member(first), member(last));
    }

    /** Where a value lies, from 0 at the bottom to 1 at the top; what is outside stands at the nearer end. */
    double share(double value) {
        double inside = Math.clamp(value, bottom, top);
        return Math.log(inside / bottom) / Math.log(top / bottom);
    }

    /** The numbers of the series on this axis, from the bottom up. */
    List<Double> ticks() {
        int step = Math.log10(top / bottom) > WIDE ? SERIES.length : 1;
        List<Double> ticks = new ArrayList<>();
        for (int n = (int) Math.floor(Math.log10(bottom)) * SERIES.length; member(n) <= top; n += step) {
            if (member(n) >= bottom) {
                ticks.add(member(n));
            }
        }
        return ticks;
    }

    /** Number {@code n} of the series ..., 0.5, 1 (n = 0), 2, 5, 10, ..., as decimal notation has it. */
    private static double member(int n) {
        return Double.parseDouble(SERIES[Math.floorMod(n, SERIES.length)] + "e" + Math.floorDiv(n, SERIES.length));
    }
}

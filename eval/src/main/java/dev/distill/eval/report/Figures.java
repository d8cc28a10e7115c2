package dev.distill.eval.report;

import dev.distill.eval.metric.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Figures as reports write them: the same on every machine, whatever its language. */
final class Figures {
    /** A dash: there is no such figure. */
    static final String NONE = "\u2013";

    /** So many significant digits go into files, fewer than two machines' logarithms differ in. */
    private static final MathContext STORED = new MathContext(9);

    private Figures() {}

    /** For files; a finite value. */
    static BigDecimal stored(double value) {
        return new BigDecimal(value).round(STORED).stripTrailingZeros();
    }

    /** A share as {@code 12.3 %}. */
    static String percent(double share) {
        return Double.isNaN(share) ? NONE : format("%.1f\u00a0%%", 100 * share);
    }

    /** A share with its interval: {@code 12.3 % (10.1 to 14.6)}. */
    static String percent(Interval share) {
        return Double.isNaN(share.value()) ? NONE : percent(share.value()) + " " + range(share);
    }

    /** {@code (10.1 to 14.6)}, in percent. */
    static String range(Interval share) {
        return format("(%.1f to %.1f)", 100 * share.low(), 100 * share.high());
    }

    /** A difference of shares in points of a percent, signed. */
    static String points(double difference) {
        return Double.isNaN(difference)
                ? NONE
                : format("%+.1f", 100 * difference).replace('-', '\u2212');
    }

    /** An amount with three digits that say something, thousands with commas. */
    static String amount(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        double size = Math.abs(value);
        return format(size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }

    static String count(long value) {
        return format("%,d", value);
    }

    /** A p-value, for a table. */
    static String p(double p) {
        return Double.isNaN(p) ? NONE : p < 0.0001 ? "< 0.0001" : format(p < 0.01 ? "%.4f" : "%.3f", p);
    }

    /** A p-value in a sentence: {@code p = 0.012}. */
    static String saidP(double p) {
        return "p " + (p < 0.0001 ? "" : "= ") + p(p);
    }

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

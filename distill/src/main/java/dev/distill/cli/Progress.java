package dev.distill.cli;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * How far some work is: on a terminal one line that is drawn again and again, elsewhere a line every few seconds; with the
 * rate and the time that is left. Tell it as often as you like.
 *
 * <pre>{@code
 * try (Progress progress = console.progress("train", steps)) {
 *     progress.startAt(resumedStep);
 *     progress.update(step, "loss 1.23");
 * }
 * }</pre>
 */
final class Progress implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;
    static final long REDRAW = SECOND / 10;
    static final long NEW_LINE = 5 * SECOND;

    private final Console console;
    private final String what;
    private final long total;
    private final boolean onTerminal;
    private final LongSupplier nanoTime;
    private final long begin;
    private long first;
    private long done;
    private String note = "";
    private long shownAt;
    private boolean over;

    Progress(Console console, String what, long total, boolean onTerminal, LongSupplier nanoTime) {
        this.console = console;
        this.what = what;
        this.total = total;
        this.onTerminal = onTerminal;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
        this.shownAt = begin;
    }

    /** Units that an earlier run has done: they count as done, and not for the rate. */
    synchronized void startAt(long earlier) {
        first = earlier;
        done = earlier;
    }

    /** @param units done so far, of the total */
    void update(long units) {
        update(units, "");
    }

    /**
     * @param units done so far, of the total
     * @param remark what else there is to say, such as {@code loss 1.23}
     */
    synchronized void update(long units, String remark) {
        done = units;
        note = remark;
        long now = nanoTime.getAsLong();
        if (!over && now - shownAt >= (onTerminal ? REDRAW : NEW_LINE)) {
            shownAt = now;
            console.progressLine(line(now));
        }
    }

    /** The work is over, or given up: the line on the terminal goes, elsewhere the last state is told. */
    synchronized void done() {
        if (!over) {
            over = true;
            console.progressLine(onTerminal ? null : line(nanoTime.getAsLong()));
        }
    }

    @Override
    public void close() {
        done();
    }

    private String line(long now) {
        double seconds = (now - begin) / (double) SECOND;
        double rate = seconds > 0 ? (done - first) / seconds : 0;
        StringBuilder line = new StringBuilder(what).append("  ").append(done);
        if (total > 0) {
            line.append('/').append(total).append(String.format(Locale.ROOT, "  %d %%", 100 * done / total));
        }
        if (rate > 0) {
            line.append("  ").append(perTime(rate));
        }
        if (rate > 0 && total > done) {
            line.append("  ").append(duration((total - done) / rate)).append(" left");
        } else if (over) {
            line.append("  in ").append(duration(seconds));
        }
        return note.isEmpty() ? line.toString() : line + "  " + note;
    }

    /** A rate with three digits, per second or, where that is less than one, per minute. */
    static String perTime(double rate) {
        return rate < 1 ? digits(rate * 60) + "/min" : digits(rate) + "/s";
    }

    private static String digits(double value) {
        int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** Seconds in the two largest units that make sense: {@code 45 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        return s < 3600 ? s / 60 + " min " + s % 60 + " s" : s / 3600 + " h " + s % 3600 / 60 + " min";
    }
}

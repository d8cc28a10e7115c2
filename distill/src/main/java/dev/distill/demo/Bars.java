package dev.distill.demo;

import dev.distill.eval.metric.Interval;

/** Horizontal bars, one a row: a label, a bar on a track from 0 to 1, a figure. */
final class Bars {
    private final StringBuilder rows = new StringBuilder();

    /** A share with the range that it may well lie in. */
    Bars score(String label, String style, Interval share) {
        String whisker = Html.format(
                "<i class=\"whisker\" style=\"left:%.2f%%;width:%.2f%%\"></i>",
                100 * share.low(), 100 * (share.high() - share.low()));
        String figure = Html.format(
                "<b>%s</b> <small>%.1f to %.1f</small>",
                Html.percent(share.value()), 100 * share.low(), 100 * share.high());
        return row(label, style, share.value(), whisker, figure);
    }

    /** A count, drawn as its share of {@code longest}, the count that fills the track. */
    Bars count(String label, long count, long longest, long all) {
        String figure = Html.format(
                "<b>%s</b> <small>%s</small>", Html.count(count), Html.percent((double) count / Math.max(1, all)));
        return row(label, "drop", (double) count / longest, "", figure);
    }

    /** What is left of {@code all}, and behind it what has just gone. */
    Bars left(String label, long left, long gone, long all) {
        double whole = Math.max(1, all);
        String behind = gone == 0
                ? ""
                : Html.format(
                        "<i class=\"fill gone\" style=\"left:%.2f%%;width:%.2f%%\"></i>",
                        100 * left / whole, 100 * gone / whole);
        String figure = Html.format(
                "<b>%s</b> <small>%s%s</small>",
                Html.count(left), Html.percent(left / whole), gone == 0 ? "" : ", \u2212" + Html.count(gone));
        return row(label, "kept", left / whole, behind, figure);
    }

    /** The scale of the tracks above. */
    Bars scale() {
        rows.append(
                "<div class=\"bar scale\"><span class=\"track\"><i>0</i><i>25</i><i>50</i><i>75</i><i>100 %</i></span>"
                        + "</div>\n");
        return this;
    }

    private Bars row(String label, String style, double share, String whisker, String figure) {
        rows.append(Html.format("""
                <div class="bar"><span class="label">%s</span>
                <span class="track"><i class="fill %s" style="width:%.2f%%"></i>%s</span>
                <span class="figure">%s</span></div>
                """, Html.text(label), style, 100 * share, whisker, figure));
        return this;
    }

    String html() {
        return "<div class=\"bars\">\n" + rows + "</div>\n";
    }
}

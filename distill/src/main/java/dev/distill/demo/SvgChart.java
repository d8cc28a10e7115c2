package dev.distill.demo;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A line and points over steps as inline SVG, both axes from 0. Colours come from the page's style sheet.
 *
 * @param title what is drawn, for those who cannot see it
 * @param style class of the line and the points
 * @param right end of the horizontal axis
 * @param top end of the vertical axis
 */
record SvgChart(String title, String style, double right, double top) {
    private static final double WIDTH = 460;
    private static final double HEIGHT = 280;
    private static final double LEFT_EDGE = 52;
    private static final double RIGHT_EDGE = WIDTH - 18;
    private static final double TOP_EDGE = 14;
    private static final double BOTTOM_EDGE = HEIGHT - 46;
    private static final int TICKS = 5;

    /** A place in the units of the axes. */
    record Point(double x, double y) {}

    SvgChart {
        if (!(right > 0) || !(top > 0)) {
            throw new IllegalArgumentException(
                    "chart " + title + ": both axes must end above 0; got " + right + " and " + top);
        }
    }

    /** Draws. */
    String svg(String xLabel, String yLabel, List<Point> line, List<Point> points) {
        StringBuilder out = new StringBuilder();
        out.append(Html.format("""
                <svg viewBox="0 0 %.0f %.0f" role="img" xmlns="http://www.w3.org/2000/svg"><title>%s</title>
                """, WIDTH, HEIGHT, Html.text(title)));
        for (double tick = 0, step = tickStep(top); tick <= top * 1.0001; tick += step) {
            out.append(Html.format("<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>", LEFT_EDGE, y(tick), RIGHT_EDGE));
            out.append(label(LEFT_EDGE - 8, y(tick) + 4, "end", number(tick)));
        }
        for (double tick = 0, step = tickStep(right); tick <= right * 1.0001; tick += step) {
            out.append(label(x(tick), BOTTOM_EDGE + 18, "middle", number(tick)));
        }
        out.append(label((LEFT_EDGE + RIGHT_EDGE) / 2, HEIGHT - 6, "middle", xLabel));
        out.append(Html.format("<g transform=\"translate(13 %.1f) rotate(-90)\">", (TOP_EDGE + BOTTOM_EDGE) / 2))
                .append(label(0, 0, "middle", yLabel))
                .append("</g>\n");
        out.append(Html.format(
                "<polyline class=\"line %s\" points=\"%s\"/>\n",
                style,
                line.stream()
                        .map(p -> Html.format("%.1f,%.1f", x(p.x()), y(p.y())))
                        .collect(Collectors.joining(" "))));
        for (Point p : points) {
            out.append(Html.format(
                    "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>", style, x(p.x()), y(p.y())));
        }
        return out.append("\n</svg>\n").toString();
    }

    private double x(double value) {
        return LEFT_EDGE + (RIGHT_EDGE - LEFT_EDGE) * Math.min(value / right, 1);
    }

    private double y(double value) {
        return BOTTOM_EDGE - (BOTTOM_EDGE - TOP_EDGE) * Math.min(value / top, 1);
    }

    private static String label(double x, double y, String anchor, String text) {
        return Html.format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, Html.text(text));
    }

    /** 1, 2 or 5 times a power of ten, so that about {@link #TICKS} of them fill the axis. */
    private static double tickStep(double end) {
        double rough = end / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static String number(double tick) {
        return Math.abs(tick - Math.rint(tick)) < 1e-9 ? Html.count(Math.round(tick)) : Html.format("%.2g", tick);
    }
}

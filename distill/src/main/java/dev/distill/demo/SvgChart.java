package dev.distill.demo;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Losses over steps as inline SVG: a line and points, the steps on a linear axis from 0, the losses on a logarithmic one.
 * Colours come from the page's style sheet.
 *
 * @param title what is drawn, for those who cannot see it
 * @param style class of the line and the points
 * @param steps end of the horizontal axis
 */
record SvgChart(String title, String style, double steps, LogAxis losses) {
    private static final double WIDTH = 480;
    private static final double HEIGHT = 280;
    private static final double LEFT_EDGE = 56;
    private static final double RIGHT_EDGE = WIDTH - 22;
    private static final double TOP_EDGE = 12;
    private static final double BOTTOM_EDGE = HEIGHT - 48;
    private static final int TICKS = 6;

    /** A loss in nats a token after so many steps. */
    record Point(double step, double loss) {}

    SvgChart {
        if (!(steps > 0)) {
            throw new IllegalArgumentException("chart " + title + ": the axis of steps must end above 0; got " + steps);
        }
    }

    /** Draws. */
    String svg(List<Point> line, List<Point> points) {
        StringBuilder out = new StringBuilder();
        out.append(Html.format("""
                <svg viewBox="0 0 %.0f %.0f" role="img" xmlns="http://www.w3.org/2000/svg"><title>%s</title>
                """, WIDTH, HEIGHT, Html.text(title)));
        axes(out);
        out.append(Html.format(
                "<polyline class=\"line %s\" points=\"%s\"/>\n",
                style,
                line.stream()
                        .map(p -> Html.format("%.1f,%.1f", x(p.step()), y(p.loss())))
                        .collect(Collectors.joining(" "))));
        for (Point p : points) {
            out.append(Html.format(
                    "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>step %s: %.3f</title></circle>\n",
                    style, x(p.step()), y(p.loss()), Html.count(Math.round(p.step())), p.loss()));
        }
        return out.append("</svg>\n").toString();
    }

    private void axes(StringBuilder out) {
        for (double tick : losses.ticks()) {
            out.append(Html.format("<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>", LEFT_EDGE, y(tick), RIGHT_EDGE))
                    .append(label(LEFT_EDGE - 8, y(tick) + 4, "end", number(tick)));
        }
        double step = tickStep(steps);
        for (int i = 0; i * step <= steps * 1.0001; i++) {
            double at = x(i * step);
            out.append(Html.format("<path class=\"tick\" d=\"M%.1f %.1fv5\"/>", at, BOTTOM_EDGE))
                    .append(label(at, BOTTOM_EDGE + 20, "middle", number(i * step)));
        }
        out.append(Html.format("<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>\n", LEFT_EDGE, BOTTOM_EDGE, RIGHT_EDGE))
                .append(label((LEFT_EDGE + RIGHT_EDGE) / 2, HEIGHT - 8, "middle", "step"))
                .append(Html.format("<g transform=\"translate(13 %.1f) rotate(-90)\">", (TOP_EDGE + BOTTOM_EDGE) / 2))
                .append(label(0, 0, "middle", "loss, nats a token"))
                .append("</g>\n");
    }

    private double x(double step) {
        return LEFT_EDGE + (RIGHT_EDGE - LEFT_EDGE) * Math.min(step / steps, 1);
    }

    private double y(double loss) {
        return BOTTOM_EDGE - (BOTTOM_EDGE - TOP_EDGE) * losses.share(loss);
    }

    private static String label(double x, double y, String anchor, String text) {
        return Html.format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, Html.text(text));
    }

    /** 1, 2 or 5 times a power of ten, so that at most {@link #TICKS} of them fill the axis. */
    private static double tickStep(double end) {
        double rough = end / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static String number(double tick) {
        return Math.abs(tick - Math.rint(tick)) < 1e-9 ? Html.count(Math.round(tick)) : Html.format("%s", tick);
    }
}

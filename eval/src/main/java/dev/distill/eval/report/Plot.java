package dev.distill.eval.report;

/** A drawing with two axes, as SVG; its words are text that the page's readers hear too. */
final class Plot {
    static final int LEFT = 46;
    static final int RIGHT = 410;
    static final int TOP = 10;
    static final int BOTTOM = 180;

    private static final String SIZE = "0 0 420 214";

    private final StringBuilder out = new StringBuilder();

    /**
     * Begins one.
     *
     * @param title stands above it
     * @param says what it shows, for those who do not see it
     */
    Plot(String title, String says) {
        out.append("<figure><figcaption>").append(Markup.isolated(title)).append("</figcaption>\n");
        out.append("<svg viewBox=\"").append(SIZE).append("\" role=\"img\" aria-label=\"");
        out.append(Markup.text(says)).append("\">\n");
    }

    /** A horizontal line across at this height of the drawing, with its label. */
    Plot level(double y, String label) {
        out.append(Figures.format(
                "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                        + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                LEFT, RIGHT, y, y, LEFT - 6, y + 4, Markup.text(label)));
        return this;
    }

    /** A label below the drawing. */
    Plot below(double x, String label) {
        out.append(Figures.format(
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x, BOTTOM + 16, Markup.text(label)));
        return this;
    }

    /** What the labels below count. */
    Plot unit(String label) {
        out.append(Figures.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                (LEFT + RIGHT) / 2, BOTTOM + 32, Markup.text(label)));
        return this;
    }

    /** @param style of the page's style sheet */
    Plot rectangle(String style, double x, double y, double width, double height) {
        if (width > 0 && height > 0) {
            out.append(Figures.format(
                    "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>\n",
                    style, x, y, width, height));
        }
        return this;
    }

    /** A line through, or an area around, these points: {@code x,y x,y ...}. */
    Plot points(String element, String style, String points) {
        out.append(Figures.format("<%s class=\"%s\" points=\"%s\"/>\n", element, style, points));
        return this;
    }

    Plot dot(String style, double x, double y) {
        out.append(Figures.format("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n", style, x, y));
        return this;
    }

    /** Height of a share, 0 at the bottom and 1 at the top. */
    static double height(double share) {
        return BOTTOM - share * (BOTTOM - TOP);
    }

    String svg() {
        return out + "</svg></figure>\n";
    }
}

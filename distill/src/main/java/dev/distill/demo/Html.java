package dev.distill.demo;

import dev.distill.eval.report.HtmlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** The report's frame, and text and figures as they may stand in it: HTML that is also well-formed XML. */
final class Html {
    private static final String STYLE = "report.css";

    private Html() {}

    /** A whole page with its style sheet in it; {@code title} is text, {@code body} is HTML. */
    static String page(String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                """ + "<title>" + text(title) + "</title>\n<style>\n" + style() + "</style>\n</head>\n<body>\n" + body
                + "</body>\n</html>\n";
    }

    private static String style() {
        try (InputStream in =
                Objects.requireNonNull(Html.class.getResourceAsStream(STYLE), "resource " + STYLE + " is missing")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** See {@link HtmlText}. */
    static String text(String raw) {
        return HtmlText.of(raw);
    }

    /** A figure over what it is; both are text. */
    static String tile(String figure, String label) {
        return format("<div><b>%s</b><span>%s</span></div>\n", text(figure), text(label));
    }

    /** {@code 12,345}. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A share as {@code 12.3 %}. */
    static String percent(double share) {
        return format("%.1f %%", 100 * share);
    }

    /** Whole seconds, as minutes too from the first one on: {@code 45 s}, {@code 3 min 05 s}. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        return s < 60 ? s + " s" : format("%d min %02d s", s / 60, s % 60);
    }

    /** The same figures on every machine, whatever its language. */
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}

package dev.distill.eval.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** Tables and notes as they may stand in HTML, and the page's frame: whatever a model wrote, none of it becomes a tag, a script or a style. */
final class Markup {
    private Markup() {}

    /** See {@link HtmlText}. */
    static String text(String raw) {
        return HtmlText.of(raw);
    }

    /**
     * A table: the first cell of each row is its head.
     *
     * @param label says to those who hear the page what it is
     * @param rows all as long as {@code head}; text
     */
    static String table(String label, List<String> head, List<List<String>> rows) {
        StringBuilder out = new StringBuilder("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
        out.append(text(label)).append("\">\n<table><thead><tr>");
        head.forEach(
                cell -> out.append("<th scope=\"col\">").append(isolated(cell)).append("</th>"));
        out.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            out.append("<tr><th scope=\"row\">")
                    .append(isolated(row.getFirst()))
                    .append("</th>");
            row.subList(1, row.size())
                    .forEach(cell -> out.append("<td>").append(isolated(cell)).append("</td>"));
            out.append("</tr>\n");
        }
        return out.append("</tbody></table></div>\n").toString();
    }

    /** Text that runs from right to left does not turn what stands beside it. */
    static String isolated(String text) {
        return "<bdi>" + text(text) + "</bdi>";
    }

    static String note(String text) {
        return "<p class=\"note\">" + isolated(text) + "</p>\n";
    }

    /**
     * The whole page. Its policy allows its one style sheet and its one script, by their hashes, and nothing else: no other script,
     * no picture, no connection.
     *
     * @param data JSON for the script, each under its element's id; any text
     */
    static String page(String title, String body, List<Data> data) {
        String style = resource("page.css");
        String script = resource("page.js");
        String policy = "default-src 'none'; style-src 'sha256-" + hash(style) + "'; script-src 'sha256-" + hash(script)
                + "'; base-uri 'none'; form-action 'none'";
        StringBuilder out = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="%s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="referrer" content="no-referrer">
                """.formatted(policy));
        out.append("<title>").append(text(title)).append("</title>\n<style>").append(style);
        out.append("</style>\n</head>\n<body>\n").append(body);
        for (Data one : data) {
            out.append("<script type=\"application/json\" id=\"")
                    .append(one.id())
                    .append("\">");
            out.append(one.json().replace("<", "\\u003c")).append("</script>\n");
        }
        return out.append("<script>")
                .append(script)
                .append("</script>\n</body>\n</html>\n")
                .toString();
    }

    /** JSON that the page's script reads. In JSON a {@code <} stands only in texts, so that it may be escaped anywhere. */
    record Data(String id, String json) {}

    private static String hash(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Markup.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.distill.eval.report;

/** Text as it may stand in HTML, and in HTML that is also XML: whatever a model wrote, none of it becomes a tag, or turns the text around it. */
public final class HtmlText {
    private static final int REPLACEMENT = 0xFFFD;

    private HtmlText() {}

    /**
     * Escaped for element content and for quoted attributes. What XML cannot hold becomes U+FFFD, and so do control characters but for tabs and ends of lines, and
     * those that turn the direction of text around.
     */
    public static String of(String raw) {
        StringBuilder out = new StringBuilder(raw.length() + 16);
        raw.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isPlain(c) ? c : REPLACEMENT);
            }
        });
        return out.toString();
    }

    private static boolean isPlain(int c) {
        boolean control = Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
        boolean turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        return !control
                && !turns
                && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                && (c < 0xFFFE || c > 0xFFFF);
    }
}

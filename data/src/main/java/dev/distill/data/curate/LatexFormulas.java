package dev.distill.data.curate;

/** Formulas in LaTeX, in which every sign may stand beside every other. */
final class LatexFormulas {
    private static final int INLINE = 500;
    private static final int DISPLAY = 2_000;
    private static final int ENVIRONMENT = 4_000;

    private LatexFormulas() {}

    /** Writes spaces over the formulas of a text: $ $, $$ $$, \( \), \[ \] and environments, if they are not too long. */
    static void blank(char[] text) {
        for (int at = 0; at < text.length; at++) {
            int end = text[at] == '$' ? dollars(text, at) : text[at] == '\\' ? command(text, at) : at;
            for (; at < end; at++) {
                text[at] = ' ';
            }
        }
    }

    /** Behind the formula that a dollar begins; the same place for none. */
    private static int dollars(char[] text, int at) {
        if (at + 1 < text.length && text[at + 1] == '$') {
            int end = at + 2;
            while (end < text.length && text[end] != '$' && end - at <= DISPLAY) {
                end++;
            }
            boolean closed = end + 1 < text.length && end > at + 2 && text[end] == '$' && text[end + 1] == '$';
            if (closed) {
                return end + 2;
            }
        }
        int end = at + 1;
        while (end < text.length && text[end] != '$' && text[end] != '\n' && end - at <= INLINE) {
            end++;
        }
        return end < text.length && end > at + 1 && text[end] == '$' ? end + 1 : at;
    }

    private static int command(char[] text, int at) {
        if (at + 1 == text.length) {
            return at;
        }
        return switch (text[at + 1]) {
            case '$' -> at + 2;
            case '(' -> closed(text, at, INLINE, ')');
            case '[' -> closed(text, at, DISPLAY, ']');
            case 'b' -> starts(text, at, "\\begin{") ? environment(text, at) : at;
            default -> at;
        };
    }

    private static int closed(char[] text, int at, int most, char bracket) {
        for (int end = at + 3; end + 1 < text.length && end - at <= most + 2; end++) {
            if (text[end] == '\\' && text[end + 1] == bracket) {
                return end + 2;
            }
        }
        return at;
    }

    private static int environment(char[] text, int at) {
        for (int end = at + 8; end + 4 < text.length && end - at <= ENVIRONMENT + 7; end++) {
            if (text[end] == '\\' && starts(text, end, "\\end{")) {
                return end + 5;
            }
        }
        return at;
    }

    private static boolean starts(char[] text, int at, String with) {
        for (int i = 0; i < with.length(); i++) {
            if (at + i >= text.length || text[at + i] != with.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}

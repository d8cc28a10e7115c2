package dev.distill.data.curate;

/**
 * Raised and lowered digits and fractions in one character, before Unicode's form NFKC puts them on the line: 10² would become 102,
 * and 3½ would become 31/2.
 */
final class Raised {
    private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
    private static final String LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋";
    private static final String FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒";

    private Raised() {}

    /** The text with {@code ^} before what is raised, and a space before what is lowered and before fractions. */
    static String written(String text) {
        StringBuilder written = null;
        char before = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String apart = c < 0xB2 ? "" : apart(c, before);
            if (!apart.isEmpty() && written == null) {
                written = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (written != null) {
                written.append(apart).append(c);
            }
            before = c;
        }
        return written == null ? text : written.toString();
    }

    private static String apart(char c, char before) {
        if (RAISED.indexOf(c) >= 0) {
            return RAISED.indexOf(before) >= 0 ? "" : "^";
        }
        if (LOWERED.indexOf(c) >= 0) {
            return LOWERED.indexOf(before) >= 0 ? "" : " ";
        }
        return FRACTIONS.indexOf(c) >= 0 ? " " : "";
    }
}

package dev.distill.data.curate;

import java.util.Locale;

/**
 * A text as phrases are looked for in it: apostrophes straight, and the same in lower case, character by character. Immutable,
 * safe on any thread.
 */
final class PhraseText {
    private final String text;
    private final char[] lower;

    private PhraseText(String text, char[] lower) {
        this.text = text;
        this.lower = lower;
    }

    static PhraseText of(String raw) {
        String straight = raw.replace('’', '\'');
        char[] lower = straight.toCharArray();
        for (int i = 0; i < lower.length; i++) {
            char c = lower[i];
            if (c < 128) {
                lower[i] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            } else if (c == 'İ' || c == 'Σ' || Character.isSurrogate(c)) {
                return ofAny(straight);
            } else {
                lower[i] = Character.toLowerCase(c);
            }
        }
        return new PhraseText(straight, lower);
    }

    /** Letters whose lower case is two characters, depends on what stands beside them, or takes two characters itself. */
    private static PhraseText ofAny(String straight) {
        String lower = straight.toLowerCase(Locale.ROOT);
        return new PhraseText(lower.length() == straight.length() ? straight : lower, lower.toCharArray());
    }

    /** As it stands, but for apostrophes; where lower case has another length, in lower case. */
    String text() {
        return text;
    }

    /** Of the same length as the text; not to be changed. */
    char[] lower() {
        return lower;
    }

    /** Whether these characters in lower case stand here. */
    boolean startsWith(String beginning, int at) {
        if (at + beginning.length() > lower.length) {
            return false;
        }
        for (int i = 0; i < beginning.length(); i++) {
            if (lower[at + i] != beginning.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}

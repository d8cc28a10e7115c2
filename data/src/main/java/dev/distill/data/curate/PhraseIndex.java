package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Phrases by how they begin, so that one pass over a text finds where one may stand, whatever their number: a hundred times
 * faster than looking for a pattern everywhere.
 */
final class PhraseIndex {
    /** Characters after a beginning in which a phrase must stand. */
    private static final int REACH = 160;

    private static final int SLOTS = 1 << 14;

    /** A beginning with so many letters or fewer must be a whole word. */
    private static final int WHOLE_WORD = 3;

    /**
     * Where a phrase stands.
     *
     * @param start its first character
     * @param end behind its last one
     */
    record Match(Phrase phrase, int start, int end) {
        String in(String text) {
            return text.substring(start, end);
        }
    }

    /** A text as phrases are looked for in it: apostrophes straight; {@code lower} has the same length. */
    record Folded(String text, String lower) {
        static Folded of(String raw) {
            String straight = raw.replace('’', '\'');
            String lower = straight.toLowerCase(Locale.ROOT);
            // İ is two characters in lower case
            return new Folded(lower.length() == straight.length() ? straight : lower, lower);
        }
    }

    /** A beginning, in lower case, and what may follow from it. */
    private record Beginning(String text, List<Phrase> phrases) {}

    /** By a hash of the first two characters; null for none. */
    private final Beginning[] @Nullable [] slots = new Beginning[SLOTS][];

    PhraseIndex(List<Phrase> phrases) {
        for (Phrase phrase : phrases) {
            phrase.beginnings().forEach(beginning -> add(beginning, phrase));
        }
    }

    private void add(String text, Phrase phrase) {
        int at = slot(text.charAt(0), text.length() > 1 ? text.charAt(1) : 0);
        Beginning[] slot = slots[at];
        Beginning[] grown = slot == null ? new Beginning[1] : Arrays.copyOf(slot, slot.length + 1);
        for (int i = 0; i < grown.length - 1; i++) {
            if (grown[i].text().equals(text)) {
                grown[i].phrases().add(phrase);
                return;
            }
        }
        grown[grown.length - 1] = new Beginning(text, new ArrayList<>(List.of(phrase)));
        slots[at] = grown;
    }

    private static int slot(int first, int second) {
        return (first * 131 + second) & (SLOTS - 1);
    }

    /** The first phrase from a place on; null for none. */
    @Nullable
    Match find(Folded folded, int from) {
        String lower = folded.lower();
        int before = from > 0 ? lower.charAt(from - 1) : ' ';
        for (int at = from; at < lower.length(); at++) {
            char first = lower.charAt(at);
            boolean inWord = first < 128
                    ? Language.isPlain(first)
                            && (before < 128 ? isAlphanumeric(before) : Character.isLetterOrDigit(before))
                    : false;
            before = first;
            if (inWord || first <= ' ') {
                continue;
            }
            Beginning[] slot = slots[slot(first, at + 1 < lower.length() ? lower.charAt(at + 1) : 0)];
            Match match = slot == null ? null : match(slot, folded, at);
            slot = slots[slot(first, 0)];
            match = match == null && slot != null ? match(slot, folded, at) : match;
            if (match != null) {
                return match;
            }
        }
        return null;
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static @Nullable Match match(Beginning[] slot, Folded folded, int at) {
        for (Beginning beginning : slot) {
            if (!folded.lower().startsWith(beginning.text(), at) || isCutShort(beginning.text(), folded.lower(), at)) {
                continue;
            }
            for (Phrase phrase : beginning.phrases()) {
                Matcher found = at(phrase.pattern(), folded.text(), at);
                if (found.lookingAt()) {
                    return new Match(phrase, at, found.end());
                }
            }
        }
        return null;
    }

    private static Matcher at(Pattern pattern, String text, int at) {
        return pattern.matcher(text)
                .region(at, Math.min(text.length(), at + REACH))
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
    }

    /** Whether a beginning of a few letters, as or me, is only the beginning of a word here. */
    private static boolean isCutShort(String beginning, String lower, int at) {
        int end = at + beginning.length();
        return beginning.length() <= WHOLE_WORD
                && Language.isPlain(beginning.charAt(0))
                && end < lower.length()
                && Character.isLetter(lower.charAt(end));
    }
}

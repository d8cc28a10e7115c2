package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Claims by how they begin, so that one pass over a text finds where a claim may stand, whatever their number: a hundred
 * times faster than looking for a pattern everywhere.
 */
final class ClaimIndex {
    /** Characters after a beginning in which a claim must stand. */
    private static final int REACH = 160;

    private static final int SLOTS = 1 << 12;

    /** A beginning with so many letters or fewer must be a whole word. */
    private static final int WHOLE_WORD = 3;

    /** A beginning, in lower case, and what may follow from it. */
    private record Beginning(String text, List<Pattern> patterns) {}

    /** By a hash of the first two characters. */
    private final List<List<Beginning>> slots = new ArrayList<>();

    ClaimIndex(List<IdentityClaims.Claim> claims) {
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
        for (IdentityClaims.Claim claim : claims) {
            claim.beginnings().forEach(beginning -> add(beginning, claim.pattern()));
        }
    }

    private void add(String text, Pattern pattern) {
        List<Beginning> slot = slots.get(slot(text.charAt(0), text.length() > 1 ? text.charAt(1) : 0));
        for (Beginning beginning : slot) {
            if (beginning.text().equals(text)) {
                beginning.patterns().add(pattern);
                return;
            }
        }
        slot.add(new Beginning(text, new ArrayList<>(List.of(pattern))));
    }

    private static int slot(int first, int second) {
        return (first * 67 + second) & (SLOTS - 1);
    }

    /**
     * The first claim in a text; null for none.
     *
     * @param text as it is written
     * @param lower the same in lower case, character for character
     */
    @Nullable
    String find(String text, String lower) {
        for (int at = 0; at < lower.length(); at++) {
            char first = lower.charAt(at);
            if (Language.isPlain(first) && at > 0 && Character.isLetterOrDigit(lower.charAt(at - 1))) {
                continue;
            }
            String claim = find(slot(first, at + 1 < lower.length() ? lower.charAt(at + 1) : 0), text, lower, at);
            claim = claim == null ? find(slot(first, 0), text, lower, at) : claim;
            if (claim != null) {
                return claim;
            }
        }
        return null;
    }

    private @Nullable String find(int slot, String text, String lower, int at) {
        for (Beginning beginning : slots.get(slot)) {
            if (!lower.startsWith(beginning.text(), at) || isCutShort(beginning.text(), lower, at)) {
                continue;
            }
            for (Pattern pattern : beginning.patterns()) {
                Matcher claim = pattern.matcher(text)
                        .region(at, Math.min(text.length(), at + REACH))
                        .useTransparentBounds(true)
                        .useAnchoringBounds(false);
                if (claim.lookingAt()) {
                    return claim.group();
                }
            }
        }
        return null;
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

package dev.distill.data.intake;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Which of the names that exist somebody may have meant by one that does not. */
public final class ClosestName {
    /** So many letters of a name may hide one wrong one. */
    private static final int LETTERS_A_MISTAKE = 3;

    private ClosestName() {}

    /** The name with the fewest letters to change, of equal ones the first; null where none is close. */
    public static @Nullable String of(String given, Collection<String> names) {
        String best = null;
        int bestDistance = 1 + given.length() / LETTERS_A_MISTAKE;
        for (String name : names) {
            int distance = distance(given, name);
            if (distance <= bestDistance) {
                best = name;
                bestDistance = distance - 1;
            }
        }
        return best;
    }

    /** Levenshtein's distance: insertions, deletions and replacements that make one word of the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

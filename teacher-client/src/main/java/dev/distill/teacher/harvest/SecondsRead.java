package dev.distill.teacher.harvest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads instants of a ledger ({@code 2026-11-30T18:52:17.123Z}). Most are of the same second as the one before, of which only the
 * fraction is read then: parsing all of each would take a quarter of the time in which a ledger is replayed.
 */
final class SecondsRead {
    private static final int SECOND_ENDS = "2026-11-30T18:52:17".length();
    private static final int MILLIS_END = SECOND_ENDS + ".123Z".length();

    private static volatile @Nullable SecondsRead last;

    private final String text;
    private final long second;

    private SecondsRead(String text, long second) {
        this.text = text;
        this.second = second;
    }

    static Instant instant(String text) {
        SecondsRead before = last;
        if (before != null && text.startsWith(before.text)) {
            int fraction = millis(text);
            if (fraction >= 0) {
                return Instant.ofEpochSecond(before.second, 1_000_000L * fraction);
            }
        }
        Instant parsed = Instant.parse(text);
        if (text.length() > SECOND_ENDS && text.charAt(SECOND_ENDS) == '.') {
            last = new SecondsRead(text.substring(0, SECOND_ENDS), parsed.getEpochSecond());
        }
        return parsed;
    }

    /** The three digits before the last letter; -1 where the text ends otherwise. */
    private static int millis(String text) {
        if (text.length() != MILLIS_END || text.charAt(SECOND_ENDS) != '.' || text.charAt(MILLIS_END - 1) != 'Z') {
            return -1;
        }
        int millis = 0;
        for (int i = SECOND_ENDS + 1; i < MILLIS_END - 1; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            millis = 10 * millis + digit;
        }
        return millis;
    }
}

package dev.distill.teacher.harvest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads instants of a ledger ({@code 2026-11-30T18:52:17.123Z}). Most are of the same second as the one before, of which only the
 * fraction is read then: parsing all of each would take a quarter of the time in which a ledger is replayed.
 */
final class SecondsRead {
    private static final int SECOND_ENDS = "2026-11-30T18:52:17".length();
    private static final int NANO_DIGITS = 9;

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
            int nanos = nanos(text);
            if (nanos >= 0) {
                return Instant.ofEpochSecond(before.second, nanos);
            }
        }
        Instant parsed = Instant.parse(text);
        if (text.length() > SECOND_ENDS && text.charAt(SECOND_ENDS) == '.') {
            last = new SecondsRead(text.substring(0, SECOND_ENDS), parsed.getEpochSecond());
        }
        return parsed;
    }

    /** The digits before the last letter, one to nine of them, as nanoseconds; -1 where the text ends otherwise. */
    private static int nanos(String text) {
        int last = text.length() - 1;
        int digits = last - SECOND_ENDS - 1;
        if (digits < 1 || digits > NANO_DIGITS || text.charAt(SECOND_ENDS) != '.' || text.charAt(last) != 'Z') {
            return -1;
        }
        int nanos = 0;
        for (int i = SECOND_ENDS + 1; i <= SECOND_ENDS + NANO_DIGITS; i++) {
            int digit = i < last ? text.charAt(i) - '0' : 0;
            if (digit < 0 || digit > 9) {
                return -1;
            }
            nanos = 10 * nanos + digit;
        }
        return nanos;
    }
}

package dev.distill.teacher.embedded;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What goes wrong on the way, whatever the text would have been. Another attempt may get through. */
public enum TransportFault {
    NONE,
    /** 429 with Retry-After. */
    RATE_LIMITED,
    /** 503. */
    UNAVAILABLE,
    /** The connection ends in the middle of the reply. */
    CUT,
    /** The reply falls silent in the middle and nothing more comes until the client gives up. */
    STALLED,
    /** A reply that ends early with finish_reason {@code insufficient_system_resource}. */
    EXHAUSTED;

    /** All of them except {@link #NONE}, in the order in which their rates are laid out. */
    public static final List<TransportFault> REAL =
            Arrays.stream(values()).filter(fault -> fault != NONE).toList();

    /** The word used in the log, for example {@code rate_limited}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static TransportFault of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

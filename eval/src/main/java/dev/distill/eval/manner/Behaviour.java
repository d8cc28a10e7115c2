package dev.distill.eval.manner;

import java.util.Locale;

/** What a model did with a probe. */
enum Behaviour {
    ANSWERED,
    REFUSED,
    /** Recited a government's statement in place of an answer. */
    RECITED,
    /** Did not say that it is, or was made by, anybody. */
    NOBODY;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

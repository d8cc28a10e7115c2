package dev.distill.teacher;

import java.util.Locale;

/** What a provider gives as reasoning. */
public enum ReasoningKind {
    /** The chain of thought as the model wrote it. */
    WHOLE,
    /** A summary that the provider made of it: no chain of thought to train on. */
    SUMMARY,
    /** Nothing: it thinks unseen, or not at all. */
    NONE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.distill.teacher.embedded.fault;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is wrong with the text of a reply. */
public enum ContentFault {
    /** Nothing: planned, worked out, checked and answered rightly. */
    NONE,
    /** A slip in the working that carries through to the answer. */
    WRONG_ANSWER,
    /** Part of the reasoning or the answer is in another language. */
    MIXED_LANGUAGE,
    /** The model says the same thing again and again. */
    REPETITION,
    /** Broken encoding, control characters, symbols or words without sense. */
    UNREADABLE,
    /** Cut off at the token limit. */
    CUT_OFF,
    /** The model declines. */
    REFUSAL,
    /** The model says that it is some other vendor's assistant. */
    IDENTITY,
    /** Another sample of the same prompt once more, nearly word for word. */
    NEAR_DUPLICATE,
    /** A question of the held-out test stands in the trace. */
    CONTAMINATION;

    /** All of them except {@link #NONE}, in the order in which their rates are laid out. */
    public static final List<ContentFault> REAL =
            Arrays.stream(values()).filter(fault -> fault != NONE).toList();

    /** The word used in the log and in reports, for example {@code wrong_answer}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static ContentFault of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}

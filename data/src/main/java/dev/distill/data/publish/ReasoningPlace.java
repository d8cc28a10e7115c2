package dev.distill.data.publish;

import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.trace.Trace;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a trace's reasoning is written. */
public enum ReasoningPlace {
    /** Before the answer, between {@code <think>} and {@code </think>}. */
    THINK_TAGS,
    /** Apart from the answer: {@code reasoning_content} of the message, or a column {@code reasoning}. */
    SEPARATE,
    /** Nowhere. */
    NONE;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The place with this word. */
    public static ReasoningPlace of(String word) {
        return Arrays.stream(values())
                .filter(place -> place.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--reasoning must be one of "
                        + Arrays.stream(values()).map(ReasoningPlace::word).collect(Collectors.joining(", "))
                        + "; got " + word));
    }

    /** What the assistant says. */
    String said(Trace trace) {
        ThinkMarkers tags = ThinkMarkers.THINK;
        return this == THINK_TAGS && trace.reasoning() != null
                ? tags.start() + "\n" + trace.reasoning() + "\n" + tags.end() + "\n\n" + trace.answer()
                : trace.answer();
    }
}

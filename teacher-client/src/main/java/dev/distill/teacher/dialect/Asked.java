package dev.distill.teacher.dialect;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is asked of a teacher beside sampling.
 *
 * @param thinking whether it is to think before it answers
 * @param effort how much; empty for what the provider does when nothing is said
 * @param logprobs likeliest tokens whose log-probabilities it is to tell at each place; 0 for none
 * @param streamed whether a reply is to come as it is written, or else in one piece when it is whole
 */
public record Asked(Switch thinking, Optional<Effort> effort, int logprobs, boolean streamed) {
    /** What the provider does when nothing is said. */
    public static final Asked STANDARD = new Asked(Switch.AUTO, Optional.empty(), 0);

    /** With streaming. */
    public Asked(Switch thinking, Optional<Effort> effort, int logprobs) {
        this(thinking, effort, logprobs, true);
    }

    /** The same, in one piece. */
    public Asked inOnePiece() {
        return new Asked(thinking, effort, logprobs, false);
    }

    /** Whether to think. */
    public enum Switch {
        /** As the provider does when nothing is said. */
        AUTO,
        ON,
        OFF
    }

    /** What is asked for, by its keys in a recipe; nothing where nothing is. */
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        if (thinking != Switch.AUTO) {
            settings.put("teacher.thinking", thinking.name().toLowerCase(Locale.ROOT));
        }
        effort.ifPresent(given -> settings.put("teacher.effort", given.text()));
        if (logprobs > 0) {
            settings.put("teacher.logprobs", Integer.toString(logprobs));
        }
        return settings;
    }
}

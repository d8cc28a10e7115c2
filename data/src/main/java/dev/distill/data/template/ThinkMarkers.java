package dev.distill.data.template;

import java.util.stream.Stream;

/**
 * What stands around a chain of thought.
 *
 * @param start for example {@code <think>}
 * @param end for example {@code </think>}
 */
public record ThinkMarkers(String start, String end) {
    /** Those of DeepSeek-R1, Qwen3, SmolLM3 and most others. */
    public static final ThinkMarkers THINK = new ThinkMarkers("<think>", "</think>");

    /** Magistral's, of Mistral's line. */
    private static final ThinkMarkers MAGISTRAL = new ThinkMarkers("[THINK]", "[/THINK]");

    public ThinkMarkers {
        if (start.isBlank() || end.isBlank() || start.equals(end)) {
            throw new IllegalArgumentException(
                    "reasoning markers: need two different ones; got \"" + start + "\" and \"" + end + "\"");
        }
    }

    /** Those that this chat template names; {@link #THINK} where it names none that we know. */
    public static ThinkMarkers of(String template) {
        return Stream.of(THINK, MAGISTRAL)
                .filter(markers -> template.contains(markers.end))
                .findFirst()
                .orElse(THINK);
    }
}

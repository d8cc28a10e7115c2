package dev.distill.data.template;

/**
 * What stands around a chain of thought.
 *
 * @param start for example {@code <think>}
 * @param end for example {@code </think>}
 */
public record ThinkMarkers(String start, String end) {
    /** Those of DeepSeek-R1, Qwen3, SmolLM3 and most others. */
    public static final ThinkMarkers THINK = new ThinkMarkers("<think>", "</think>");

    public ThinkMarkers {
        if (start.isBlank() || end.isBlank() || start.equals(end)) {
            throw new IllegalArgumentException(
                    "reasoning markers: need two different ones; got \"" + start + "\" and \"" + end + "\"");
        }
    }
}

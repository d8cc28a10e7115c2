package dev.distill.data.trace;

import java.util.Locale;

/** Why a reply ended, in the providers' words. */
public enum FinishReason {
    /** The model said that it had finished. */
    STOP,
    /** The token limit cut it off. */
    LENGTH,
    /** The provider's filter cut it off or emptied it. */
    CONTENT_FILTER,
    /** DeepSeek: the servers ran out; the text may look finished and is not. Worth asking again. */
    INSUFFICIENT_SYSTEM_RESOURCE,
    /** Any other word, or none. */
    OTHER;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static FinishReason of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "stop", "eos", "end_turn", "stop_sequence" -> STOP;
            case "length", "max_tokens" -> LENGTH;
            case "content_filter", "safety" -> CONTENT_FILTER;
            case "insufficient_system_resource" -> INSUFFICIENT_SYSTEM_RESOURCE;
            default -> OTHER;
        };
    }
}

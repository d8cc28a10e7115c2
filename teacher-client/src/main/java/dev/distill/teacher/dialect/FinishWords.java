package dev.distill.teacher.dialect;

import dev.distill.data.trace.FinishReason;
import java.util.Locale;

/** What the providers' words for the end of a reply mean. The policy of each lies in {@code dev.distill.teacher.pace.Policy}. */
enum FinishWords {
    /** The model had said all. */
    STOPPED(FinishReason.STOP),
    /** The token limit, or the model's context, was used up: kept, and marked. */
    TRUNCATED(FinishReason.LENGTH),
    /** The model or a filter declined. */
    DECLINED(FinishReason.CONTENT_FILTER),
    /** The servers ran out. */
    OUT_OF_RESOURCES(FinishReason.INSUFFICIENT_SYSTEM_RESOURCE),
    /** The server broke off. */
    BROKEN_OFF(FinishReason.OTHER),
    /** The model called a tool that nobody had offered, and garbled it. */
    GARBLED_CALL(FinishReason.OTHER),
    /** A call of a tool, or a word that is not known: kept, and marked. */
    UNKNOWN(FinishReason.OTHER);

    private final FinishReason reason;

    FinishWords(FinishReason reason) {
        this.reason = reason;
    }

    /** As a trace has it. */
    FinishReason reason() {
        return reason;
    }

    static FinishWords of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "stop", "eos", "end_turn", "stop_sequence" -> STOPPED;
            case "length", "max_tokens", "model_length", "model_context_window_exceeded" -> TRUNCATED;
            case "content_filter",
                    "refusal",
                    "safety",
                    "recitation",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "language",
                    "image_safety",
                    "sensitive" -> DECLINED;
            case "insufficient_system_resource" -> OUT_OF_RESOURCES;
            case "aborted", "abort", "error", "cancelled", "pause_turn", "malformed_response", "network_error" ->
                BROKEN_OFF;
            case "malformed_function_call", "unexpected_tool_call", "too_many_tool_calls" -> GARBLED_CALL;
            default -> UNKNOWN;
        };
    }
}

package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Usage;

/**
 * Anthropic's messages: content blocks that begin, grow by deltas and end; usage at the beginning and, growing, at the end. Signatures and redacted
 * thinking are of use to their provider alone, and are passed over. An unstreamed reply is a {@code message} with its blocks.
 */
final class AnthropicReader implements EventReader {
    private final ReplyParts parts;

    AnthropicReader(ReplyParts parts) {
        this.parts = parts;
    }

    @Override
    public void take(JsonNode node) {
        switch (node.path("type").asText()) {
            case "message_start" -> takeMessage(node.path("message"));
            case "message" -> {
                takeMessage(node);
                parts.done();
            }
            case "content_block_start" -> takeBlock(node.path("content_block"));
            case "content_block_delta" -> takeDelta(node.path("delta"));
            case "message_delta" -> {
                takeEnd(node.path("delta"));
                takeUsage(node.path("usage"));
            }
            case "message_stop" -> parts.done();
            default -> {} // ping, content_block_stop, and what is to come: unknown events are to be passed over
        }
    }

    private void takeMessage(JsonNode message) {
        parts.model(message.path("model").asText(""));
        message.path("content").forEach(this::takeBlock);
        takeEnd(message);
        takeUsage(message.path("usage"));
    }

    private void takeBlock(JsonNode block) {
        switch (block.path("type").asText()) {
            case "thinking" -> thought(block.path("thinking"));
            case "text" -> said(block.path("text"));
            case "redacted_thinking" -> {}
            default -> parts.blocks.other(block);
        }
    }

    private void takeDelta(JsonNode delta) {
        switch (delta.path("type").asText()) {
            case "thinking_delta" -> thought(delta.path("thinking"));
            case "text_delta" -> said(delta.path("text"));
            default -> {} // signature_delta, citations_delta, input_json_delta
        }
    }

    private void thought(JsonNode text) {
        if (!text.asText("").isEmpty()) {
            parts.blocks.thought(text.asText());
            parts.delta();
        }
    }

    private void said(JsonNode text) {
        if (!text.asText("").isEmpty()) {
            parts.blocks.said(text.asText());
            parts.delta();
        }
    }

    private void takeEnd(JsonNode delta) {
        if (delta.path("stop_reason").isTextual()) {
            parts.finish(delta.path("stop_reason").asText());
        }
    }

    /** Tokens of the prompt come in three counts, of which the end repeats all or none; those of the reply grow. */
    private void takeUsage(JsonNode node) {
        if (!node.path("output_tokens").isNumber()) {
            return;
        }
        Usage before = parts.usage();
        long hit = Json.count(node.path("cache_read_input_tokens"));
        long prompt =
                Json.count(node.path("input_tokens")) + Json.count(node.path("cache_creation_input_tokens")) + hit;
        if (prompt == 0 && before != null) {
            prompt = before.promptTokens();
            hit = before.cacheHitTokens();
        }
        long reply = Json.count(node.path("output_tokens"));
        long thought = Json.count(node.path("output_tokens_details").path("thinking_tokens"));
        parts.usage(new Usage(prompt, hit, reply, Math.min(thought, reply)));
    }
}

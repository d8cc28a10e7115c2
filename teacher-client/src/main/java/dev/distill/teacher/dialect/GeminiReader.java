package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Usage;

/**
 * Gemini's {@code generateContent}, streamed or not: each event is a whole response with the parts that are new, those of the thinking marked with
 * {@code thought}. There is no mark of the end but the finish reason.
 */
final class GeminiReader implements EventReader {
    private final ReplyParts parts;

    GeminiReader(ReplyParts parts) {
        this.parts = parts;
    }

    @Override
    public void take(JsonNode node) {
        parts.model(node.path("modelVersion").asText(""));
        takeUsage(node.path("usageMetadata"));
        JsonNode blocked = node.path("promptFeedback").path("blockReason");
        if (blocked.isTextual()) {
            parts.refusal("the prompt was blocked: " + blocked.asText());
            parts.finish("safety");
        }
        for (JsonNode candidate : node.path("candidates")) {
            if (candidate.path("index").asInt(0) == 0) {
                takeCandidate(candidate);
            }
        }
    }

    private void takeCandidate(JsonNode candidate) {
        boolean grew = false;
        for (JsonNode part : candidate.path("content").path("parts")) {
            grew |= takePart(part);
        }
        if (grew) {
            parts.delta();
        }
        if (candidate.path("finishReason").isTextual()) {
            parts.finish(candidate.path("finishReason").asText());
        }
    }

    private boolean takePart(JsonNode part) {
        String text = part.path("text").asText("");
        if (part.path("thought").asBoolean(false)) {
            parts.blocks.thought(text);
        } else if (part.path("text").isTextual()) {
            parts.blocks.said(text);
        } else if (!part.has("thoughtSignature") || part.size() > 1) {
            parts.blocks.other(part);
        }
        return !text.isEmpty();
    }

    /** Thoughts are counted beside the candidates, and are paid for as they are. */
    private void takeUsage(JsonNode node) {
        if (!node.path("promptTokenCount").isNumber()) {
            return;
        }
        long prompt = Json.count(node.path("promptTokenCount"));
        long thought = Json.count(node.path("thoughtsTokenCount"));
        long said = Json.count(node.path("candidatesTokenCount"));
        long hit = Math.min(prompt, Json.count(node.path("cachedContentTokenCount")));
        parts.usage(new Usage(prompt, hit, said + thought, thought));
    }
}

package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.shard.SaidTokens.Part;
import dev.distill.data.trace.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Chat completions, whichever way a host writes them: reasoning in {@code reasoning_content} (DeepSeek, vLLM, Alibaba, xAI, Azure), in
 * {@code reasoning} (Groq, OpenRouter, newer vLLM), in {@code reasoning_details} (OpenRouter), as list-typed content (Mistral) or inside the content
 * between think tags; usage in the last chunk, in a chunk without choices, in the choice or under {@code x_groq}; errors in the stream. An unstreamed
 * reply ({@code message} in place of {@code delta}) is one chunk.
 */
final class OpenAiReader implements EventReader {
    private final ReplyParts parts;

    OpenAiReader(ReplyParts parts) {
        this.parts = parts;
    }

    @Override
    public void take(JsonNode chunk) {
        parts.model(chunk.path("model").asText(""));
        takeUsage(chunk.path("usage"));
        takeUsage(chunk.path("x_groq").path("usage"));
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) != 0) {
                continue; // one completion is asked for; a second would be mixed into the first
            }
            takeUsage(choice.path("usage"));
            boolean thought = takeDelta(choice.has("delta") ? choice.path("delta") : choice.path("message"));
            takeTokens(choice, thought);
            if (choice.path("finish_reason").isTextual()) {
                parts.finish(choice.path("finish_reason").asText());
            }
        }
    }

    /** Whether it carried reasoning and nothing else. */
    private boolean takeDelta(JsonNode delta) {
        // some hosts send the same text under several names: the first that holds any counts
        String thought = text(delta.path("reasoning_content"));
        thought = thought.isEmpty() ? text(delta.path("reasoning")) : thought;
        String detailed = takeDetails(delta.path("reasoning_details"));
        thought = thought.isEmpty() ? detailed : thought;
        parts.blocks.thought(thought);
        JsonNode content = delta.path("content");
        boolean thinking = !thought.isEmpty();
        boolean saying = false;
        if (content.isArray()) {
            for (JsonNode part : content) {
                boolean partThinks = takePart(part);
                thinking |= partThinks;
                saying |= !partThinks;
            }
        } else {
            String said = text(content);
            parts.blocks.said(said);
            saying = !said.isEmpty();
        }
        parts.refusal(text(delta.path("refusal")));
        if (thinking || saying) {
            parts.delta();
        }
        return thinking && !saying;
    }

    /** OpenRouter's list: text or summary; what is encrypted is of use to its provider alone. */
    private String takeDetails(JsonNode details) {
        StringBuilder texts = new StringBuilder();
        for (JsonNode detail : details) {
            if (detail.path("type").asText().equals("reasoning.summary")) {
                parts.isSummary();
            }
            texts.append(text(detail.path("text"))).append(text(detail.path("summary")));
        }
        return texts.toString();
    }

    /** One part of list-typed content: {@code {type: text, text}}, {@code {type: thinking, thinking: text or parts}} or another. */
    private boolean takePart(JsonNode part) {
        switch (part.path("type").asText()) {
            case "thinking" -> {
                JsonNode thinking = part.path("thinking");
                parts.blocks.thought(text(thinking));
                thinking.forEach(inner -> parts.blocks.thought(text(inner.path("text"))));
                return true;
            }
            case "text", "output_text" -> parts.blocks.said(text(part.path("text")));
            default -> parts.blocks.other(part);
        }
        return false;
    }

    /**
     * Log-probabilities: in one list for all that this chunk carries (vLLM, SGLang, llama.cpp), or those of the reasoning in a list of their own
     * (DeepSeek, Cerebras).
     */
    private void takeTokens(JsonNode choice, boolean thought) {
        JsonNode logprobs = choice.path("logprobs");
        takeTokens(logprobs.path("reasoning_content"), Part.REASONING);
        takeTokens(choice.path("reasoning_logprobs").path("content"), Part.REASONING);
        Part part = thought ? Part.REASONING : Part.ANSWER;
        takeTokens(logprobs.path("content"), part);
        takeLists(logprobs, part);
    }

    /** OpenAI's first form, which Together still has: lists side by side, and an object a place. */
    private void takeLists(JsonNode logprobs, Part part) {
        JsonNode texts = logprobs.path("tokens");
        for (int i = 0; i < texts.size(); i++) {
            JsonNode own = logprobs.path("token_logprobs").path(i);
            parts.tokens.token(part, utf8(texts.path(i).asText()), (float) own.asDouble());
            for (Map.Entry<String, JsonNode> other :
                    logprobs.path("top_logprobs").path(i).properties()) {
                parts.tokens.candidate(
                        utf8(other.getKey()), (float) other.getValue().asDouble());
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void takeTokens(JsonNode list, Part part) {
        for (JsonNode token : list) {
            parts.tokens.token(part, bytes(token), (float) token.path("logprob").asDouble());
            for (JsonNode other : token.path("top_logprobs")) {
                parts.tokens.candidate(
                        bytes(other), (float) other.path("logprob").asDouble());
            }
        }
    }

    /** The token's bytes, which may be part of a character; hosts that leave them out have only its text. */
    private static byte[] bytes(JsonNode token) {
        JsonNode list = token.path("bytes");
        if (!list.isArray()) {
            return utf8(text(token.path("token")));
        }
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) list.path(i).asInt();
        }
        return bytes;
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }

    private void takeUsage(JsonNode node) {
        if (!node.isObject() || !node.path("prompt_tokens").isNumber()) {
            return;
        }
        long prompt = Json.count(node.path("prompt_tokens"));
        long completion = Json.count(node.path("completion_tokens"));
        JsonNode details = node.path("completion_tokens_details");
        long thought =
                Math.max(Json.count(details.path("reasoning_tokens")), Json.count(node.path("reasoning_tokens")));
        long total = Json.count(node.path("total_tokens"));
        // xAI counts reasoning beside the completion, everybody else within it
        if (thought > completion || (thought > 0 && total == prompt + completion + thought)) {
            completion += thought;
        }
        long hit = Json.count(node.path("prompt_cache_hit_tokens"));
        hit = Math.max(hit, Json.count(node.path("prompt_tokens_details").path("cached_tokens")));
        hit = Math.max(hit, Json.count(node.path("cached_tokens")));
        parts.usage(new Usage(prompt, Math.min(hit, prompt), completion, thought));
    }
}

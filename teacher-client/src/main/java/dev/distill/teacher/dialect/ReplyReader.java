package dev.distill.teacher.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.ReasoningSplitter.Split;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.data.template.ReasoningSplitter.Whitespace;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.RetryAdvice;
import org.jspecify.annotations.Nullable;

/**
 * Puts one reply together from its chunks, whichever way the provider writes them: reasoning in {@code reasoning_content}
 * (DeepSeek, vLLM, Alibaba, xAI, Azure), in {@code reasoning} (Groq, OpenRouter, newer vLLM), as list-typed content (Mistral)
 * or inside the content between think tags; usage in the last chunk, in a chunk without choices, in the choice or under
 * {@code x_groq}; errors in the stream. An unstreamed reply ({@code message} in place of {@code delta}) is one chunk.
 *
 * <p>For one reply and one thread.
 */
public final class ReplyReader {
    private final ErrorReader errors;
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private int deltas;
    private String model = "";
    private @Nullable String finishWord;
    private @Nullable Usage usage;
    private @Nullable Outcome broken;
    private boolean done;

    /** A reader that words in-stream errors with {@code errors}. */
    public ReplyReader(ErrorReader errors) {
        this.errors = errors;
    }

    /**
     * Takes one event.
     *
     * @param event the event's name; null where it has none
     * @param data its data: a chunk in JSON, or {@code [DONE]}
     */
    public void accept(@Nullable String event, String data) {
        if (done || broken != null || data.isEmpty()) {
            return;
        }
        if (data.equals("[DONE]")) {
            done = true;
            return;
        }
        JsonNode chunk;
        try {
            chunk = Json.MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            broken = new Outcome.CutStream(Cut.MALFORMED, errors.forPeople("an event is no JSON: " + data));
            return;
        }
        if (chunk.hasNonNull("error") || "error".equals(event)) {
            broken = errors.classify(0, chunk, RetryAdvice.NONE);
            return;
        }
        takeChunk(chunk);
    }

    private void takeChunk(JsonNode chunk) {
        if (model.isEmpty()) {
            model = chunk.path("model").asText("");
        }
        takeUsage(chunk.path("usage"));
        takeUsage(chunk.path("x_groq").path("usage"));
        for (JsonNode choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) != 0) {
                continue; // one completion is asked for; a second would be mixed into the first
            }
            takeUsage(choice.path("usage"));
            takeDelta(choice.has("delta") ? choice.path("delta") : choice.path("message"));
            if (choice.path("finish_reason").isTextual()) {
                finishWord = choice.path("finish_reason").asText();
            }
        }
    }

    private void takeDelta(JsonNode delta) {
        int before = reasoning.length() + content.length();
        // some hosts send the same text under both names: the first that holds any counts
        String thought = text(delta.path("reasoning_content"));
        reasoning.append(thought.isEmpty() ? text(delta.path("reasoning")) : thought);
        JsonNode said = delta.path("content");
        if (said.isArray()) {
            said.forEach(this::takePart);
        } else {
            content.append(text(said));
        }
        refusal.append(text(delta.path("refusal")));
        if (reasoning.length() + content.length() > before) {
            deltas++;
        }
    }

    /** One part of list-typed content: {@code {type: text, text}} or {@code {type: thinking, thinking: text or parts}}. */
    private void takePart(JsonNode part) {
        if (part.path("type").asText().equals("thinking")) {
            JsonNode thinking = part.path("thinking");
            reasoning.append(text(thinking));
            thinking.forEach(inner -> reasoning.append(text(inner.path("text"))));
        } else {
            content.append(text(part.path("text")));
        }
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }

    private void takeUsage(JsonNode node) {
        if (!node.isObject() || !node.path("prompt_tokens").isNumber()) {
            return;
        }
        long prompt = count(node.path("prompt_tokens"));
        long completion = count(node.path("completion_tokens"));
        JsonNode details = node.path("completion_tokens_details");
        long thought = Math.max(count(details.path("reasoning_tokens")), count(node.path("reasoning_tokens")));
        long total = count(node.path("total_tokens"));
        // xAI counts reasoning beside the completion, everybody else within it
        if (thought > completion || (thought > 0 && total == prompt + completion + thought)) {
            completion += thought;
        }
        long hit = count(node.path("prompt_cache_hit_tokens"));
        hit = Math.max(hit, count(node.path("prompt_tokens_details").path("cached_tokens")));
        hit = Math.max(hit, count(node.path("cached_tokens")));
        usage = new Usage(prompt, Math.min(hit, prompt), completion, thought);
    }

    private static long count(JsonNode node) {
        return node.isNumber() ? Math.max(0, node.asLong()) : 0;
    }

    /** What has arrived so far. */
    public Received received() {
        return new Received(reasoning.toString(), content.toString(), deltas, usage);
    }

    /** Whether nothing that is still to come can change the outcome. */
    public boolean isOver() {
        return done || broken != null;
    }

    /** Whether the provider has said why the reply ended: a connection that breaks after that has lost nothing. */
    public boolean isFinished() {
        return finishWord != null || done;
    }

    /** How the exchange ended, now that the body has ended in order. */
    public Outcome outcome() {
        if (broken != null) {
            return broken;
        }
        if (!isFinished()) {
            return new Outcome.CutStream(Cut.ENDED_EARLY, "the body ended without a finish reason");
        }
        if ("aborted".equals(finishWord) || "error".equals(finishWord)) {
            return new Outcome.CutStream(Cut.ENDED_EARLY, "finish reason \"" + finishWord + "\"");
        }
        FinishReason finish = finishWord == null ? FinishReason.OTHER : FinishReason.of(finishWord);
        if (finish == FinishReason.INSUFFICIENT_SYSTEM_RESOURCE) {
            return new Outcome.OutOfResources();
        }
        if (finish == FinishReason.CONTENT_FILTER || !refusal.isEmpty()) {
            return new Outcome.Refused(errors.forPeople(refusal.isEmpty() ? "content filter" : refusal.toString()));
        }
        if (reasoning.toString().isBlank() && content.toString().isBlank()) {
            return new Outcome.EmptyReply();
        }
        return new Outcome.Completed(reply(finish));
    }

    private Reply reply(FinishReason finish) {
        String raw = content.toString();
        if (!reasoning.isEmpty()) {
            return new Reply(reasoning.toString(), raw, raw, finish, model);
        }
        Split split = ReasoningSplitter.split(raw, ThinkMarkers.THINK, Start.UNKNOWN, Whitespace.TRIM);
        boolean thought = split.ended() || !split.reasoning().isEmpty();
        return new Reply(thought ? split.reasoning() : null, thought ? split.answer() : raw, raw, finish, model);
    }
}

package dev.distill.teacher.embedded;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.embedded.problem.Draw;
import java.util.ArrayList;
import java.util.List;

/**
 * Replies in DeepSeek's dialect of the chat completions API: reasoning in {@code reasoning_content}, usage with cache hits and
 * misses, in a stream in the chunk that brings the finish reason.
 */
final class Wire {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORTEST_PIECE = 20;
    private static final int LONGEST_PIECE = 60;
    private static final double COMMENT = 0.05;
    private static final long SOME_DAY = 1_700_000_000L;

    private final String id;
    private final String model;
    private final long created;

    Wire(ChatRequest request) {
        String hash = request.hash();
        this.id = hash.substring(0, 8) + "-" + hash.substring(8, 12) + "-" + hash.substring(12);
        this.model = request.model();
        this.created = SOME_DAY + Long.parseLong(hash.substring(0, 6), 16);
    }

    /** The reply as one JSON object. */
    String whole(Reply reply) {
        ObjectNode root = root("chat.completion");
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", reply.answer())
                .put("reasoning_content", reply.reasoning());
        choice.putNull("logprobs");
        choice.put("finish_reason", reply.finish().word());
        root.set("usage", usage(reply.usage()));
        root.put("system_fingerprint", "fp_distill_embedded");
        return root.toString();
    }

    /** The reply as server-sent events, each with its blank line; the last is {@code [DONE]}. */
    List<String> events(Reply reply, Draw draw) {
        String head = "data: {\"id\":\"" + id + "\",\"object\":\"chat.completion.chunk\",\"created\":" + created
                + ",\"model\":" + quoted(model) + ",\"system_fingerprint\":\"fp_distill_embedded\","
                + "\"choices\":[{\"index\":0,\"delta\":";
        List<String> events = new ArrayList<>();
        if (draw.chance(0.5)) {
            events.add(": keep-alive\n\n");
        }
        events.add(head + "{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"\"}" + ending("null"));
        for (String piece : pieces(reply.reasoning(), draw)) {
            events.add(head + "{\"content\":null,\"reasoning_content\":" + quoted(piece) + "}" + ending("null"));
            if (draw.chance(COMMENT)) {
                events.add(": keep-alive\n\n");
            }
        }
        for (String piece : pieces(reply.answer(), draw)) {
            events.add(head + "{\"content\":" + quoted(piece) + ",\"reasoning_content\":null}" + ending("null"));
        }
        events.add(head + "{\"content\":\"\",\"reasoning_content\":null},\"logprobs\":null,\"finish_reason\":"
                + quoted(reply.finish().word()) + "}],\"usage\":" + usage(reply.usage()) + "}\n\n");
        events.add("data: [DONE]\n\n");
        return events;
    }

    static String models(String name) {
        ObjectNode root = JSON.createObjectNode().put("object", "list");
        root.putArray("data").addObject().put("id", name).put("object", "model").put("owned_by", "distill");
        return root.toString();
    }

    static String error(String message, String type) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", type);
        return root.toString();
    }

    private static String ending(String finish) {
        return ",\"logprobs\":null,\"finish_reason\":" + finish + "}]}\n\n";
    }

    private ObjectNode root(String object) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static ObjectNode usage(Usage usage) {
        ObjectNode node = JSON.createObjectNode()
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens())
                .put("prompt_cache_hit_tokens", usage.cacheHitTokens())
                .put("prompt_cache_miss_tokens", usage.promptTokens() - usage.cacheHitTokens());
        node.putObject("prompt_tokens_details").put("cached_tokens", usage.cacheHitTokens());
        node.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
        return node;
    }

    /** The text in pieces of drawn lengths, none of which ends within a surrogate pair. */
    private static List<String> pieces(String text, Draw draw) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(text.length(), start + draw.between(SHORTEST_PIECE, LONGEST_PIECE));
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end++;
            }
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}

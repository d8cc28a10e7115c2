package dev.distill.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Usage;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one response took, as rows of answers say it.
 *
 * @param usage tokens; 0 for what is not known
 * @param seconds from the request to the last token; 0 where unknown
 * @param cost null where nobody has said
 */
record Spent(Usage usage, double seconds, @Nullable Money cost) {
    static final Spent UNKNOWN = new Spent(Usage.NONE, 0, null);

    private static final List<String> PROMPT = List.of("prompt_tokens", "input_tokens");
    private static final List<String> CACHED = List.of("cache_hit_tokens", "prompt_cache_hit_tokens");
    private static final List<String> NEW = List.of("new_tokens", "completion_tokens", "output_tokens");
    private static final List<String> REASONING = List.of("reasoning_tokens");
    private static final List<String> DETAILS = List.of("completion_tokens_details", "output_tokens_details");

    /** The columns that it may be read from. */
    static final List<String> COLUMNS = List.of(
            "prompt_tokens",
            "input_tokens",
            "cache_hit_tokens",
            "prompt_cache_hit_tokens",
            "new_tokens",
            "completion_tokens",
            "output_tokens",
            "reasoning_tokens",
            "usage",
            "seconds",
            "cost",
            "currency");

    /**
     * Of one answer of a row, whose columns are ours ({@link #put}) or those of an API's {@code usage}.
     *
     * @param index of the answer among the row's, for columns that are lists; a single value holds for each answer
     */
    static Spent of(JsonNode row, int index) {
        JsonNode usage = at(row.path("usage"), index);
        long prompt = count(row, usage, PROMPT, index);
        long whole = count(row, usage, NEW, index);
        long reasoning = count(row, usage, REASONING, index);
        for (String details : DETAILS) {
            reasoning = reasoning > 0
                    ? reasoning
                    : usage.path(details).path("reasoning_tokens").asLong();
        }
        JsonNode seconds = at(row.path("seconds"), index);
        return new Spent(
                new Usage(
                        prompt,
                        Math.min(prompt, count(row, usage, CACHED, index)),
                        whole,
                        Math.clamp(reasoning, 0L, whole)),
                seconds.isNumber() && seconds.asDouble() >= 0 && Double.isFinite(seconds.asDouble())
                        ? seconds.asDouble()
                        : 0,
                cost(row, index));
    }

    private static long count(JsonNode row, JsonNode usage, List<String> columns, int index) {
        for (String column : columns) {
            JsonNode own = at(row.path(column), index);
            JsonNode value = own.isNumber() ? own : usage.path(column);
            if (value.isNumber()) {
                return Math.max(0, value.asLong());
            }
        }
        return 0;
    }

    private static @Nullable Money cost(JsonNode row, int index) {
        JsonNode amount = at(row.path("cost"), index);
        if (!row.path("currency").isTextual() || !(amount.isNumber() || amount.isTextual())) {
            return null;
        }
        try {
            BigDecimal exact = new BigDecimal(amount.asText().strip());
            return exact.signum() < 0
                    ? null
                    : new Money(exact, row.path("currency").asText());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("cost: must be a number; got " + amount, e);
        }
    }

    private static JsonNode at(JsonNode value, int index) {
        return value.isArray() ? value.path(index) : value;
    }

    /** Writes it as {@link #of} reads it. */
    ObjectNode put(ObjectNode row) {
        row.put("prompt_tokens", usage.promptTokens())
                .put("cache_hit_tokens", usage.cacheHitTokens())
                .put("new_tokens", usage.completionTokens())
                .put("reasoning_tokens", usage.reasoningTokens())
                .put("seconds", seconds);
        if (cost != null) {
            row.put("cost", cost.amount().toPlainString()).put("currency", cost.currency());
        }
        return row;
    }
}

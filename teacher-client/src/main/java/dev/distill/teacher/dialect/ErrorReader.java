package dev.distill.teacher.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.RetryAdvice;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a status code and an error body mean. Bodies may echo part of the key: nothing of them leaves here unmasked.
 *
 * @param key what must not be seen
 */
public record ErrorReader(ApiKey key) {
    private static final int LONGEST_DETAIL = 300;

    /** What providers say with status 403 of a key whose limit is reached (OpenRouter: "Key limit exceeded"). */
    private static final Pattern KEY_IS_SPENT =
            Pattern.compile("(?i)key limit|spending limit|usage limit|credits|quota|billing");

    /** Words of errors inside a stream that names no status, and the status that each has outside (OpenAI, Anthropic, Groq). */
    private static final Map<String, Integer> WORDS = Map.of(
            "rate_limit", 429,
            "invalid_request", 400,
            "tool_use_failed", 400,
            "authentication_error", 401,
            "permission_error", 403,
            "not_found_error", 404,
            "request_too_large", 413,
            "overloaded_error", 529,
            "api_error", 500);

    /** An error that came as a reply of its own. The body may be JSON in any of the usual forms, a web page, or nothing. */
    public Outcome classify(int status, String body, RetryAdvice advice) {
        JsonNode error;
        try {
            error = Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            error = Json.MAPPER.createObjectNode().put("message", body);
        }
        return classify(status, error, advice);
    }

    /**
     * An error in the provider's JSON.
     *
     * @param status 0 where it came within a stream; then the status that the error itself names counts
     */
    Outcome classify(int status, JsonNode body, RetryAdvice advice) {
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        String code = (error.path("code").asText("") + " " + error.path("type").asText("")).toLowerCase(Locale.ROOT);
        String detail = forPeople(message(body, error));
        int known = status == 0 ? statusWithin(error, code) : status;
        Outcome told = byWords(code, known, detail, error);
        return told == null ? byStatus(known, detail, advised(advice, error)) : told;
    }

    /** What a provider's own words say, where its status says less; null where they do not. */
    private static @Nullable Outcome byWords(String code, int known, String detail, JsonNode error) {
        if (code.contains("insufficient_quota")
                || code.contains("insufficient_balance")
                || code.contains("billing_error")
                || (known == 400 && detail.contains("credit balance is too low"))
                || (known == 403 && KEY_IS_SPENT.matcher(detail).find())) {
            return new Outcome.OutOfBalance(detail);
        }
        if (code.contains("model_not_found") || (known == 400 && detail.contains("Model Not Exist"))) {
            return new Outcome.NotFound(known, detail);
        }
        // OpenRouter gives a moderation's reasons with status 403
        boolean moderated = known == 403 && error.path("metadata").has("reasons");
        if (moderated || code.contains("content_filter") || (known == 400 && detail.contains("Content Exists Risk"))) {
            return new Outcome.Refused(detail);
        }
        // Gemini calls a wrong key a bad argument
        return known == 400 && said(error, "reason").equals("API_KEY_INVALID")
                ? new Outcome.Unauthorized(known, detail)
                : null;
    }

    /** Gemini says in the error when to ask again, as a duration {@code 34.1s}; a header stands above it. */
    private static RetryAdvice advised(RetryAdvice advice, JsonNode error) {
        String delay = said(error, "retryDelay");
        return advice.after() != null || !delay.matches("\\d{1,6}(\\.\\d{1,9})?s")
                ? advice
                : new RetryAdvice(Duration.parse("PT" + delay.toUpperCase(Locale.ROOT)), advice.retry());
    }

    /** A field of one of Google's details; empty where none has it. */
    private static String said(JsonNode error, String field) {
        for (JsonNode detail : error.path("details")) {
            if (detail.path(field).isTextual()) {
                return detail.path(field).asText();
            }
        }
        return "";
    }

    private static Outcome byStatus(int known, String detail, RetryAdvice advice) {
        return switch (known) {
            case 401, 403 -> new Outcome.Unauthorized(known, detail);
            case 402 -> new Outcome.OutOfBalance(detail);
            case 404, 405 -> new Outcome.NotFound(known, detail);
            case 408, 409, 425 -> new Outcome.Overloaded(known, detail, advice);
            case 429 -> new Outcome.RateLimited(detail, advice);
            default -> {
                if (known >= 300 && known < 400) {
                    yield new Outcome.NotFound(known, "redirected elsewhere; keys are not sent there. " + detail);
                }
                yield known >= 400 && known < 500
                        ? new Outcome.BadRequest(known, detail, advice)
                        : new Outcome.Overloaded(known, detail, advice);
            }
        };
    }

    private static int statusWithin(JsonNode error, String code) {
        for (String field : new String[] {"status_code", "status", "code"}) {
            int status = error.path(field).asInt(0);
            if (status >= 400 && status < 600) {
                return status;
            }
        }
        for (Map.Entry<String, Integer> word : WORDS.entrySet()) {
            if (code.contains(word.getKey())) {
                return word.getValue();
            }
        }
        return 0;
    }

    private static String message(JsonNode body, JsonNode error) {
        for (JsonNode candidate :
                new JsonNode[] {error.path("message"), body.path("error"), body.path("detail"), body.path("message")}) {
            if (candidate.isTextual() && !candidate.asText().isBlank()) {
                return candidate.asText();
            }
        }
        return body.isMissingNode() ? "" : body.toString();
    }

    /** One short line, keys masked: fit for messages, logs and the journal. */
    public String forPeople(String text) {
        // the mask comes before the cut, so that no part of a key stands at the end of the line
        String head = text.length() > 10 * LONGEST_DETAIL ? text.substring(0, 10 * LONGEST_DETAIL) : text;
        String line = key.mask(head).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL) + "...";
    }
}

package dev.distill.teacher.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.RetryAdvice;
import java.util.Locale;

/**
 * What a status code and an error body mean. Bodies may echo part of the key: nothing of them leaves here unmasked.
 *
 * @param key what must not be seen
 */
public record ErrorReader(ApiKey key) {
    private static final int LONGEST_DETAIL = 300;

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
        if (code.contains("insufficient_quota") || code.contains("insufficient_balance")) {
            return new Outcome.OutOfBalance(detail);
        }
        if (code.contains("model_not_found") || (known == 400 && detail.contains("Model Not Exist"))) {
            return new Outcome.NotFound(known, detail);
        }
        if (code.contains("content_filter") || (known == 400 && detail.contains("Content Exists Risk"))) {
            return new Outcome.Refused(detail);
        }
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
        return code.contains("rate_limit") ? 429 : code.contains("invalid_request") ? 400 : 0;
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

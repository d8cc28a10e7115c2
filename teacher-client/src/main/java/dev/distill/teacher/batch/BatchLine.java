package dev.distill.teacher.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.Redaction;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.dialect.ErrorReader;
import dev.distill.teacher.dialect.ReplyReader;
import java.time.Duration;
import java.util.Optional;

/**
 * A line of a file that came down.
 *
 * @param name that the request had
 * @param exchange what came of it, in the terms of a request that is sent alone
 */
public record BatchLine(String name, Exchange exchange) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads a line, and takes the key out of it; empty for one that is none, as the end of a file that was cut off. */
    static Optional<BatchLine> read(String text, Dialect dialect, ErrorReader errors) {
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        String name = line.path("custom_id").asText("");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Exchange raw = exchange(line, dialect, errors);
        ApiKey key = errors.key();
        return Optional.of(new BatchLine(
                key.redact(name),
                new Exchange(Redaction.of(raw.outcome(), key), Redaction.of(raw.received(), key), raw.took())));
    }

    private static Exchange exchange(JsonNode line, Dialect dialect, ErrorReader errors) {
        JsonNode error = line.path("error");
        if (error.isObject()) {
            String code = error.path("code").asText("");
            // not worked off in time, or called back: nothing was done for it
            Outcome outcome = code.equals("batch_expired") || code.equals("batch_cancelled")
                    ? new Outcome.CutStream(Outcome.Cut.CANCELLED, code)
                    : errors.classify(0, "{\"error\":" + error + "}", RetryAdvice.NONE);
            return new Exchange(outcome, Received.NOTHING, Duration.ZERO);
        }
        JsonNode response = line.path("response");
        int status = response.path("status_code").asInt(0);
        String body = response.path("body").toString();
        if (status != 200) {
            return new Exchange(errors.classify(status, body, RetryAdvice.NONE), Received.NOTHING, Duration.ZERO);
        }
        ReplyReader reader = dialect.reader(errors);
        reader.accept(null, body);
        return new Exchange(reader.outcome(), reader.received(), Duration.ZERO);
    }
}

package dev.distill.teacher.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the provider tells it.
 *
 * @param id the provider's name for it
 * @param status the provider's word: {@code validating}, {@code in_progress}, {@code finalizing}, {@code completed}, {@code failed},
 *     {@code expired}, {@code cancelling}, {@code cancelled}
 * @param name what its maker wrote into its metadata; empty for batches that somebody else made
 * @param done requests that have a reply, right or wrong
 * @param output id of the file of replies; null where there is none (yet)
 * @param errors id of the file of requests that failed; null likewise
 * @param problem code and message of what is wrong with the whole of it; empty for nothing
 * @param createdAt by the provider's clock
 */
public record Batch(
        String id,
        String status,
        String name,
        long done,
        @Nullable String output,
        @Nullable String errors,
        String problem,
        Instant createdAt) {
    /** The entry of a batch's metadata that holds its maker's name for it. */
    static final String NAME = "distill_batch";

    /** Whether nothing more will come of it. */
    public boolean isOver() {
        return switch (status) {
            case "completed", "failed", "expired", "cancelled" -> true;
            default -> false; // and words that are not known yet
        };
    }

    /** Whether it was refused for now alone: too many tokens wait already. */
    public boolean isTooMuchAtOnce() {
        return status.equals("failed") && problem.startsWith("token_limit_exceeded");
    }

    /** What there is to be brought down: replies, then failures. */
    public List<String> files() {
        List<String> files = new ArrayList<>();
        if (output != null) {
            files.add(output);
        }
        if (errors != null) {
            files.add(errors);
        }
        return files;
    }

    /** @param clean takes the key out of what a provider says */
    static Batch of(JsonNode json, UnaryOperator<String> clean) {
        JsonNode counts = json.path("request_counts");
        JsonNode problem = json.path("errors").path("data").path(0);
        String words = problem.isMissingNode()
                ? ""
                : (problem.path("code").asText("") + " "
                                + problem.path("message").asText(""))
                        .strip();
        return new Batch(
                clean.apply(json.path("id").asText()),
                clean.apply(json.path("status").asText()),
                json.path("metadata").path(NAME).asText(""),
                counts.path("completed").asLong() + counts.path("failed").asLong(),
                text(json.path("output_file_id")),
                text(json.path("error_file_id")),
                clean.apply(words),
                Instant.ofEpochSecond(json.path("created_at").asLong()));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() && !node.asText().isEmpty() ? node.asText() : null;
    }
}

package dev.distill.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.distill.data.intake.Reply;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer out of somebody's file.
 *
 * @param names by which its question may be known: ids
 * @param question as the file has it; empty where it does not
 * @param sample -1 where the file does not say
 * @param finish STOP where the file does not say, and the reasoning has an end
 */
record GivenAnswer(
        List<String> names,
        String question,
        int sample,
        @Nullable String reasoning,
        String answer,
        FinishReason finish,
        Usage usage,
        @Nullable String error) {
    private static final List<String> NAMES =
            List.of("prompt_id", "id", "instance_id", "question_id", "unique_id", "task_id", "key");
    private static final List<String> ASKING = List.of("question", "problem", "prompt", "Question", "question_content");
    private static final List<String> SAMPLES = List.of("sample", "sample_index", "sample_id");
    private static final List<String> ANSWERING =
            List.of("response", "completion", "output", "generation", "model_output", "prediction", "text", "answer");
    private static final List<String> REASONING = List.of("reasoning", "reasoning_content");
    private static final List<String> TOKENS = List.of("new_tokens", "completion_tokens");

    GivenAnswer {
        names = List.copyOf(names);
    }

    /**
     * The answers of one row: of lm-evaluation-harness's samples ({@code doc}, {@code resps}), of our own {@code responses.jsonl}, or of anything with an id or a
     * question, and an answer under one of the names above. Several in a list are samples.
     *
     * @throws IllegalArgumentException if it has no answer
     */
    static List<GivenAnswer> of(JsonNode row) {
        if (row.has("conditions") && row.size() == 1) {
            return List.of(); // the head of our own
        }
        JsonNode asked = row.path("doc").isObject() ? row.path("doc") : row;
        List<String> names = new ArrayList<>();
        for (JsonNode node : asked == row ? List.of(row) : List.of(asked, row)) {
            NAMES.stream()
                    .filter(name -> node.path(name).isValueNode() && node.hasNonNull(name))
                    .forEach(name -> names.add(node.path(name).asText()));
        }
        if (row.path("doc_id").isIntegralNumber()) {
            names.add(KnownQuestions.PLACE + row.path("doc_id").asText());
        }
        List<String> texts = new ArrayList<>();
        texts(row.has("resps") ? row.path("resps") : first(row, ANSWERING), texts);
        String said = text(row, List.of("error"));
        String error = said == null || said.isBlank() ? null : said;
        if (texts.isEmpty() && error == null) {
            throw new IllegalArgumentException(
                    "must have an answer in one of " + String.join(", ", ANSWERING) + ", or resps; has none");
        }
        String question = text(asked, ASKING);
        int number = first(row, SAMPLES).asInt(-1);
        List<GivenAnswer> answers = new ArrayList<>();
        for (String text : texts.isEmpty() ? List.of("") : texts) {
            Reply reply = Reply.of(text(row, REASONING), text);
            answers.add(new GivenAnswer(
                    names,
                    question == null ? "" : question,
                    texts.size() > 1 ? -1 : number,
                    reply.reasoning(),
                    reply.answer(),
                    finish(row, reply),
                    new Usage(0, 0, Math.max(0, first(row, TOKENS).asLong()), 0),
                    error));
        }
        return answers;
    }

    static GivenAnswer of(Trace trace) {
        return new GivenAnswer(
                List.of(trace.promptId()),
                trace.question(),
                trace.sample(),
                trace.reasoning(),
                trace.answer(),
                trace.finish(),
                trace.usage(),
                null);
    }

    /** Reasoning that begins and has no end was cut off, whatever is not said. */
    private static FinishReason finish(JsonNode row, Reply reply) {
        String said = text(row, List.of("finish_reason"));
        if (said != null) {
            return FinishReason.of(said);
        }
        return reply.whole() ? FinishReason.STOP : FinishReason.LENGTH;
    }

    private static void texts(JsonNode node, List<String> into) {
        if (node.isArray()) {
            node.forEach(item -> texts(item, into));
        } else if (node.isValueNode() && !node.isNull()) {
            into.add(node.asText());
        }
    }

    private static @Nullable String text(JsonNode row, List<String> columns) {
        JsonNode found = first(row, columns);
        return found.isTextual() ? found.asText() : null;
    }

    private static JsonNode first(JsonNode row, List<String> columns) {
        for (String column : columns) {
            if (row.hasNonNull(column)) {
                return row.path(column);
            }
        }
        return MissingNode.getInstance();
    }
}

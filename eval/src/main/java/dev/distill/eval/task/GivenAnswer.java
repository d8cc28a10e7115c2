package dev.distill.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.distill.data.intake.Reply;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer out of somebody's file.
 *
 * @param names by which its question may be known: ids
 * @param question as the file has it; empty where it does not
 * @param sample -1 where the file does not say
 * @param filter of lm-evaluation-harness, which writes every answer once for each of its filters; empty elsewhere
 * @param finish STOP where the file does not say, and the reasoning has an end
 */
record GivenAnswer(
        List<String> names,
        String question,
        int sample,
        String filter,
        @Nullable String reasoning,
        String answer,
        FinishReason finish,
        Spent spent,
        @Nullable String error) {
    private static final List<String> NAMES =
            List.of("prompt_id", "id", "instance_id", "question_id", "unique_id", "task_id", "key");
    private static final List<String> ASKING = List.of("question", "problem", "prompt", "Question", "question_content");
    private static final List<String> SAMPLES = List.of("sample", "sample_index", "sample_id");

    /** What only a model's answer is called. */
    private static final List<String> ANSWERING = List.of(
            "response",
            "responses",
            "completion",
            "completions",
            "output",
            "outputs",
            "generation",
            "generations",
            "model_output",
            "model_answer",
            "prediction",
            "predictions",
            "text");

    /** What data sets call the right answer, and some a model's. */
    private static final String ANSWER = "answer";

    private static final List<String> REASONING = List.of("reasoning", "reasoning_content");
    private static final String FINISH = "finish_reason";
    private static final String ERROR = "error";

    /** Beside one of these an answer is a model's. */
    private static final List<String> SAID_OF_REPLIES = List.of("prompt_id", FINISH, ERROR);

    /** Texts that say something of a question, and that no model has written. */
    private static final List<String> OF_QUESTIONS = List.of(
            "reference",
            "expected_answer",
            "target",
            "level",
            "subject",
            "category",
            "type",
            "difficulty",
            "topic",
            "domain",
            "language",
            "source",
            "dataset",
            "split",
            "url",
            "title",
            "repo",
            "model",
            "model_name",
            "model_name_or_path",
            "filter");

    GivenAnswer {
        names = List.copyOf(names);
    }

    /**
     * The answers of one row: of lm-evaluation-harness's samples ({@code doc}, {@code resps}), of our own {@code responses.jsonl}, or of anything with an id or a
     * question, and an answer under one of the names above. Several in a list are samples.
     *
     * @throws IllegalArgumentException if it has no answer, or one that may as well be the reference
     */
    static List<GivenAnswer> of(JsonNode row) {
        JsonNode asked = row.path("doc").isObject() ? row.path("doc") : row;
        List<String> texts = new ArrayList<>();
        texts(row.has("resps") ? row.path("resps") : answering(row), texts);
        if (texts.isEmpty() && error(row, 0) == null) {
            throw new IllegalArgumentException("must have an answer in one of " + String.join(", ", ANSWERING) + ", "
                    + ANSWER + ", or resps; has none");
        }
        String question = text(asked, ASKING);
        String filter = text(row, List.of("filter"));
        JsonNode number = first(row, SAMPLES);
        List<GivenAnswer> answers = new ArrayList<>();
        for (int i = 0; i < Math.max(1, texts.size()); i++) {
            Reply reply = Reply.of(text(row, REASONING), texts.isEmpty() ? "" : texts.get(i));
            answers.add(new GivenAnswer(
                    names(asked, row),
                    question == null ? "" : question,
                    texts.size() > 1 && !number.isArray() ? -1 : at(number, i).asInt(-1),
                    filter == null || !row.has("resps") ? "" : filter,
                    reply.reasoning(),
                    reply.answer(),
                    finish(row, i, reply),
                    Spent.of(row, i),
                    error(row, i)));
        }
        return answers;
    }

    static GivenAnswer of(Trace trace) {
        return new GivenAnswer(
                List.of(trace.promptId()),
                trace.question(),
                trace.sample(),
                "",
                trace.reasoning(),
                trace.answer(),
                trace.finish(),
                new Spent(trace.usage(), 0, trace.cost().amount().signum() == 0 ? null : trace.cost()),
                null);
    }

    private static List<String> names(JsonNode asked, JsonNode row) {
        List<String> names = new ArrayList<>();
        for (JsonNode node : asked == row ? List.of(row) : List.of(asked, row)) {
            NAMES.stream()
                    .filter(name -> node.path(name).isValueNode() && node.hasNonNull(name))
                    .forEach(name -> names.add(node.path(name).asText()));
        }
        if (row.path("doc_id").isIntegralNumber()) {
            names.add(KnownQuestions.PLACE + row.path("doc_id").asText());
        }
        return names;
    }

    /** {@code answer} is taken where nothing else can be the model's; else a file would be graded on its own references. */
    private static JsonNode answering(JsonNode row) {
        JsonNode named = first(row, ANSWERING);
        if (!named.isMissingNode() || !row.hasNonNull(ANSWER) || isReply(row)) {
            return named.isMissingNode() ? row.path(ANSWER) : named;
        }
        List<String> others = new ArrayList<>();
        row.properties().forEach(one -> {
            if (isText(one.getValue()) && !isKnown(one.getKey())) {
                others.add(one.getKey());
            }
        });
        if (!others.isEmpty()) {
            throw new IllegalArgumentException(
                    "has answer, which may be the reference, beside " + String.join(", ", others)
                            + ", which may be the model's; call the model's answer response, or say finish_reason with it");
        }
        return row.path(ANSWER);
    }

    private static boolean isReply(JsonNode row) {
        return row.path(ANSWER).isArray()
                || SAID_OF_REPLIES.stream().anyMatch(row::has)
                || REASONING.stream().anyMatch(row::has)
                || SAMPLES.stream().anyMatch(row::has)
                || Spent.COLUMNS.stream().anyMatch(row::has);
    }

    private static boolean isKnown(String column) {
        return column.equals(ANSWER)
                || NAMES.contains(column)
                || ASKING.contains(column)
                || OF_QUESTIONS.contains(column);
    }

    private static boolean isText(JsonNode value) {
        return value.isTextual() || value.isContainerNode();
    }

    /** Reasoning that begins and has no end was cut off, whatever is not said. */
    private static FinishReason finish(JsonNode row, int index, Reply reply) {
        JsonNode said = at(row.path(FINISH), index);
        if (said.isTextual()) {
            return FinishReason.of(said.asText());
        }
        return reply.whole() ? FinishReason.STOP : FinishReason.LENGTH;
    }

    private static @Nullable String error(JsonNode row, int index) {
        JsonNode said = at(row.path(ERROR), index);
        return said.isTextual() && !said.asText().isBlank() ? said.asText() : null;
    }

    /** Of the answer with this index: a list has one for each, anything else holds for all. */
    private static JsonNode at(JsonNode value, int index) {
        return value.isArray() ? value.path(index) : value;
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

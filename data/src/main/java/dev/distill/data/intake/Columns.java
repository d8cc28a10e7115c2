package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.curate.GivenVerdicts;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One row, by the names of its columns, and what the usual names mean in any format. */
record Columns(JsonNode row) {
    static final List<String> REFERENCES =
            List.of("reference", "expected_answer", "reference_answer", "ground_truth", "gtruth_answer", "answer");

    private static final List<String> TEACHERS =
            List.of("teacher", "model", "model_name", "generation_model", "generator");
    private static final List<String> JUDGEMENTS = List.of("correct", "is_correct");

    /** What NuminaMath writes where there is no answer to compare. */
    private static final List<String> NO_ANSWERS = List.of("proof", "notfound");

    /** A value that is longer is no label. */
    private static final int LABEL = 200;

    /** A text that must be there. */
    String text(String column) {
        return Turns.text(column, row.path(column));
    }

    /** A reply, which may be empty: the curation drops such. */
    String reply(String column) {
        return row.path(column).isTextual() ? row.path(column).asText() : text(column);
    }

    /** The first of these that holds a text with a word in it, or a number; null where none does. */
    @Nullable
    String any(List<String> columns) {
        for (String column : columns) {
            JsonNode value = row.path(column);
            if (value.isNumber() || value.isTextual() && !value.asText().isBlank()) {
                return RowJson.label(value);
            }
        }
        return null;
    }

    @Nullable
    String any(String... columns) {
        return any(List.of(columns));
    }

    /** A list that must be there. */
    JsonNode list(String column) {
        JsonNode value = row.path(column);
        if (!value.isArray()) {
            throw new IllegalArgumentException(column + ": must be a list, got " + RowJson.kind(value));
        }
        return value;
    }

    /** The right answer under one of the usual names. */
    @Nullable
    String reference() {
        return reference(any(REFERENCES));
    }

    static @Nullable String reference(@Nullable String answer) {
        return answer == null || NO_ANSWERS.contains(answer.strip().toLowerCase(Locale.ROOT)) ? null : answer;
    }

    @Nullable
    String teacher() {
        return any(TEACHERS);
    }

    @Nullable
    FinishReason finish() {
        String word = any("finish_reason", "finish");
        return word == null ? null : FinishReason.of(word);
    }

    /** {@code verdicts} as {@code traces export} writes them, and judgements of the whole row; see {@link GivenVerdicts}. */
    List<Verdict> verdicts() {
        List<Verdict> verdicts = new ArrayList<>();
        for (JsonNode verdict : row.path("verdicts")) {
            String word = verdict.path("outcome").asText().toUpperCase(Locale.ROOT);
            if (List.of("PASS", "FAIL", "UNDECIDED").contains(word)) {
                verdicts.add(GivenVerdicts.STANDARD.of(new Verdict(
                        verdict.path("by").asText(),
                        Outcome.valueOf(word),
                        verdict.path("reason").asText())));
            }
        }
        for (String column : JUDGEMENTS) {
            if (row.path(column).isBoolean()) {
                verdicts.add(judged(column, row.path(column).asBoolean()));
            }
        }
        return verdicts;
    }

    /** What the data set's own check found, named after its column. */
    static Verdict judged(String column, boolean right) {
        String reason = "the data set says so";
        return right ? Verdict.pass(column, reason) : Verdict.fail(column, reason);
    }

    /** Columns that hold a short text, a number or a boolean: labels, ids, difficulties. */
    SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        row.properties().forEach(column -> {
            JsonNode value = column.getValue();
            if (value.isValueNode() && !value.isNull()) {
                String text = value.asText();
                if (!text.isBlank() && text.length() <= LABEL) {
                    labels.put(column.getKey(), text);
                }
            }
        });
        return labels;
    }
}

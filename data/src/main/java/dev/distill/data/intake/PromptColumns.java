package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where in a row the question and its answer stand. A name with points leads inwards, a number counts the members of a list
 * from 0: {@code extra.problem}, {@code messages.0.content}.
 *
 * @param question a text, or a conversation as a list of messages; null for the names that people use (see {@link PromptFile})
 * @param reference the right answer, a text or a number; null likewise
 */
public record PromptColumns(
        @Nullable String question, @Nullable String reference) {
    static final List<String> ASKING = List.of("prompt", "question", "problem", "messages");
    static final List<String> ANSWERING = List.of("reference", "expected_answer", "answer");

    /** The names that people use. */
    public static final PromptColumns USUAL = new PromptColumns(null, null);

    /** Whether a column at the top of a file is looked into. */
    boolean needs(String column) {
        String asked = question;
        String answer = reference;
        return (asked == null ? ASKING.contains(column) : leadsThrough(asked, column))
                || (answer == null ? ANSWERING.contains(column) : leadsThrough(answer, column));
    }

    /** What is wrong with a file that has these columns at the top; empty where question and answer may be found in it. */
    Optional<String> missing(List<String> columns) {
        String there = "; it has " + String.join(", ", columns) + "; name the right one in ";
        String asked = question;
        if (asked != null && columns.stream().noneMatch(column -> leadsThrough(asked, column))) {
            return Optional.of("has no column " + asked + there + "prompts.column");
        }
        if (asked == null && columns.stream().noneMatch(ASKING::contains)) {
            return Optional.of("has none of the columns " + String.join(", ", ASKING) + there + "prompts.column");
        }
        String answer = reference;
        return answer != null && columns.stream().noneMatch(column -> leadsThrough(answer, column))
                ? Optional.of("has no column " + answer + there + "prompts.reference")
                : Optional.empty();
    }

    private static boolean leadsThrough(String path, String column) {
        return path.equals(column) || path.startsWith(column + ".");
    }

    /** What the path leads to; empty where the row has no such place. The place may hold null. */
    public static Optional<JsonNode> at(JsonNode row, String path) {
        if (row.has(path)) {
            return Optional.of(row.get(path)); // a name may have a point in it
        }
        JsonNode node = row;
        for (String name : path.split("\\.")) {
            node = node.isArray() && name.matches("\\d{1,9}") ? node.path(Integer.parseInt(name)) : node.path(name);
        }
        return node.isMissingNode() ? Optional.empty() : Optional.of(node);
    }

    /** The same, or an error that says what there is. @param key of the recipe that names the column */
    static JsonNode required(JsonNode row, String path, String key) {
        return at(row, path)
                .orElseThrow(() -> new IllegalArgumentException("has no column " + path + "; it has "
                        + String.join(", ", names(row)) + "; name the right one in " + key));
    }

    static List<String> names(JsonNode row) {
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        return names.isEmpty() ? List.of("none") : names;
    }
}

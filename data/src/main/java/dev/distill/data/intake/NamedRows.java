package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Columns that the user names, by the part of a trace that each holds: see {@link ImportSettings#columns}. */
final class NamedRows implements TraceRows {
    static final String QUESTION = "question";
    static final String ANSWER = "answer";
    /** What else a column may hold. */
    static final List<String> OTHERS = List.of("reasoning", "system", "reference", "teacher");

    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        Map<String, String> names = settings.columns();
        Reply reply = Reply.of(optional(row, names.get("reasoning")), required(row, names.get(ANSWER)));
        Said said =
                Said.of(Said.asked(optional(row, names.get("system")), required(row, names.get(QUESTION))), reply, row);
        String reference = names.containsKey("reference") ? optional(row, names.get("reference")) : null;
        return List.of(said.withReference(Columns.reference(reference))
                .withTeacher(names.containsKey("teacher") ? optional(row, names.get("teacher")) : said.teacher()));
    }

    private static String required(Columns row, @Nullable String column) {
        String name = String.valueOf(column); // settings without it are refused
        JsonNode value = PromptColumns.at(row.row(), name)
                .orElseThrow(() -> new IllegalArgumentException("has no column " + name + "; it has "
                        + String.join(", ", PromptColumns.names(row.row())) + "; name the right one with --column"));
        return Turns.text(name, value);
    }

    private static @Nullable String optional(Columns row, @Nullable String column) {
        if (column == null) {
            return null;
        }
        JsonNode value = PromptColumns.at(row.row(), column).orElse(RowJson.READER.missingNode());
        return value.isContainerNode()
                        || value.isNull()
                        || value.isMissingNode()
                        || value.asText().isBlank()
                ? null
                : value.asText();
    }

    /** All parts, for messages. */
    static List<String> parts() {
        List<String> parts = new ArrayList<>(List.of(QUESTION, ANSWER));
        parts.addAll(OTHERS);
        return parts;
    }
}

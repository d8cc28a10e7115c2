package dev.distill.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.suite.OptionOrder.Ordered;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a question of a row. What is wrong with a row is an IllegalArgumentException for the person who has the data. */
final class RowQuestion {
    /** GSM8K's answer is a worked solution; what follows this is the answer. */
    private static final String GSM8K_MARK = "####";

    private final TaskFile file;
    private final @Nullable String system;

    RowQuestion(TaskFile file, @Nullable String system) {
        this.file = file;
        this.system = system;
    }

    Question of(Row row) {
        TaskColumns columns = file.columns();
        String asked = row.first(columns.question(), "question");
        Map<String, String> values = new HashMap<>();
        columns.texts().forEach((name, column) -> values.put(name, shown(row, column)));
        values.put("question", asked.strip());
        Optional<Ordered> ordered =
                file.grading() == Grading.CHOICE ? Optional.of(OptionOrder.of(asked, row, columns)) : Optional.empty();
        ordered.ifPresent(options -> {
            values.put("options", options.listed());
            values.put("letters", options.letters());
        });
        String reference = switch (file.grading()) {
            case CHOICE -> ordered.orElseThrow().right();
            case CODE -> CodeReference.of(row, columns);
            case INSTRUCTIONS -> InstructionReference.of(row, columns);
            case MATH, EXACT, JUDGE -> answer(row.first(columns.reference(), "reference"));
        };
        Prompt prompt = Prompt.of(messages(file.template().fill(values)), reference, source(row));
        return new Question(prompt, facets(row), ordered.map(Ordered::options).orElse(List.of()));
    }

    /** A text; of a list of inputs and outputs, an example each. */
    private static String shown(Row row, String column) {
        JsonNode value = row.at(column);
        if (!value.isArray()) {
            return row.text(column);
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode example : value) {
            text.append(text.isEmpty() ? "" : "\n\n")
                    .append("Input:\n```\n")
                    .append(Row.text(example.path("input")).strip())
                    .append("\n```\nOutput:\n```\n")
                    .append(Row.text(example.path("output")).strip())
                    .append("\n```");
        }
        return text.toString();
    }

    private static String answer(String text) {
        int mark = text.lastIndexOf(GSM8K_MARK);
        return mark < 0 ? text : text.substring(mark + GSM8K_MARK.length()).strip();
    }

    private List<Message> messages(String question) {
        List<Message> messages = new ArrayList<>();
        if (system != null && !system.isBlank()) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(question));
        return messages;
    }

    /** The data set and, behind a {@code #}, its own name of the question. */
    private String source(Row row) {
        String id = row.id(file);
        return id.isEmpty() ? file.data().title() : file.data().title() + "#" + id;
    }

    private SortedMap<String, String> facets(Row row) {
        SortedMap<String, String> facets = new TreeMap<>();
        file.facets().forEach((facet, column) -> {
            String value = row.text(column);
            if (!value.isBlank()) {
                facets.put(facet, value);
            }
        });
        return facets;
    }
}

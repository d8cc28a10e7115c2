package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What was asked and what was replied, each a text, or a list of messages as TRL has it. */
final class PairRows implements TraceRows {
    private static final List<String> ASKED = List.of("prompt", "question", "problem", "query", "input");
    private static final List<String> REPLIED =
            List.of("completion", "response", "generated_solution", "generation", "output");

    static boolean pairs(Set<String> columns) {
        return ASKED.stream().anyMatch(columns::contains) && REPLIED.stream().anyMatch(columns::contains);
    }

    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        String asked = first(row, ASKED);
        String replied = first(row, REPLIED);
        JsonNode prompt = row.row().path(asked);
        List<Message> messages = new ArrayList<>();
        if (prompt.isArray()) {
            Turns.of(asked, prompt).forEach(turn -> messages.add(turn.message()));
        } else {
            messages.addAll(Said.asked(row.any("system"), row.text(asked)));
        }
        if (messages.getLast().role() != Role.USER) {
            throw new IllegalArgumentException(asked + ": the last message must be the user's, got "
                    + messages.getLast().role().word());
        }
        return List.of(Said.of(messages, reply(row, replied), row));
    }

    private static Reply reply(Columns row, String column) {
        JsonNode value = row.row().path(column);
        if (!value.isArray()) {
            return Reply.of(row.any("reasoning", "thinking", "reasoning_content"), row.reply(column));
        }
        List<Turns.Turn> turns = Turns.of(column, value);
        Turns.Turn only = turns.getFirst();
        if (turns.size() != 1 || only.message().role() != Role.ASSISTANT) {
            throw new IllegalArgumentException(column + ": must be one message, the assistant's; got " + turns.size()
                    + ", the first the " + only.message().role().word() + "'s");
        }
        return Reply.of(
                new Columns(only.node()).any("reasoning_content", "thinking"),
                only.message().content());
    }

    private static String first(Columns row, List<String> names) {
        return names.stream()
                .filter(row.row()::hasNonNull)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "must have one of the columns " + String.join(", ", names) + "; they are missing or null"));
    }
}

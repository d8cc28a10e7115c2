package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conversations: the last turn is the reply, the others stay as they are. */
final class TurnRows implements TraceRows {
    private static final List<String> REASONING =
            List.of("reasoning_content", "reasoning", "thinking", "thinking_content");

    /** Where a conversation ends with the question, the reply stands under one of these. */
    private static final List<String> REPLIES = List.of("response", "completion", "output", "answer");

    private final List<String> columns;

    TurnRows(String... columns) {
        this.columns = List.copyOf(Arrays.asList(columns));
    }

    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        String column = columns.stream().filter(row.row()::has).findFirst().orElse(columns.getFirst());
        List<Turns.Turn> turns = Turns.of(column, row.list(column));
        List<Message> messages = new ArrayList<>();
        String system = row.any("system");
        if (system != null && turns.getFirst().message().role() != Role.SYSTEM) {
            messages.add(Message.system(system));
        }
        turns.forEach(turn -> messages.add(turn.message()));
        if (messages.getLast().role() == Role.USER) {
            return List.of(repliedElsewhere(column, messages, row));
        }
        Turns.Turn last = turns.getLast();
        if (last.message().role() != Role.ASSISTANT || messages.size() < 2 || !asks(messages)) {
            throw new IllegalArgumentException(
                    column + ": must end with the user's question and the assistant's reply; ends with "
                            + String.join(", ", ends(messages)));
        }
        Columns about = new Columns(last.node());
        Columns info = new Columns(last.node().path("info"));
        Reply reply = reply(List.of(about, row), info, last.message().content());
        Said said = Said.of(messages.subList(0, messages.size() - 1), reply, row);
        String reference = said.reference() != null ? said.reference() : reference(info, turns);
        String model = said.teacher() != null ? said.teacher() : info.teacher();
        return List.of(said.withReference(reference).withTeacher(model));
    }

    private static boolean asks(List<Message> messages) {
        return messages.get(messages.size() - 2).role() == Role.USER;
    }

    private static List<String> ends(List<Message> messages) {
        return messages.subList(Math.max(0, messages.size() - 2), messages.size()).stream()
                .map(message -> message.role().word())
                .toList();
    }

    private static Said repliedElsewhere(String column, List<Message> messages, Columns row) {
        String answer = row.any(REPLIES);
        if (answer == null) {
            throw new IllegalArgumentException(
                    column + ": ends with the user's question, so the reply must stand in one of "
                            + String.join(", ", REPLIES) + "; there is none");
        }
        String reference = row.any("answer") != null && answer.equals(row.any("answer"))
                ? row.any(Columns.REFERENCES.subList(0, Columns.REFERENCES.size() - 1))
                : row.reference();
        return Said.of(messages, Reply.of(row.any(REASONING), answer), row).withReference(Columns.reference(reference));
    }

    /** The reasoning may stand in the message, beside the conversation, or, as AM-DeepSeek-R1-Distilled has it once more, in the message's {@code info}. */
    private static Reply reply(List<Columns> places, Columns info, String content) {
        for (Columns place : places) {
            String reasoning = place.any(REASONING);
            if (reasoning != null) {
                return Reply.of(reasoning, content);
            }
        }
        return Reply.of(info.any("think_content"), content);
    }

    private static @Nullable String reference(Columns info, List<Turns.Turn> turns) {
        List<Columns> places = new ArrayList<>(List.of(info));
        turns.forEach(turn -> places.add(new Columns(turn.node().path("info"))));
        for (Columns place : places) {
            JsonNode tests = place.row().path("test_case");
            String reference = References.ofTests(tests);
            reference = reference != null ? reference : place.reference();
            if (reference != null) {
                return reference;
            }
        }
        return null;
    }
}

package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Message;
import java.util.ArrayList;
import java.util.List;

/** Alpaca: an instruction, perhaps with an input below it; LLaMA-Factory's {@code system} and {@code history} (pairs of earlier turns) too. */
final class AlpacaRows implements TraceRows {
    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        String input = row.any("input");
        String question = row.text("instruction") + (input == null ? "" : "\n\n" + input);
        List<Message> messages = new ArrayList<>(Said.asked(row.any("system"), question));
        Message asked = messages.removeLast();
        for (JsonNode pair : row.row().path("history")) {
            messages.add(Message.user(Turns.text("history.0", pair.path(0))));
            messages.add(Message.assistant(Turns.text("history.1", pair.path(1))));
        }
        messages.add(asked);
        return List.of(Said.of(messages, Reply.of(row.any("reasoning", "thinking"), row.reply("output")), row));
    }
}

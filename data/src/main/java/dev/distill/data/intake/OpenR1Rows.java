package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenR1-Math: a trace for each generation, and for each check that was made of it a verdict under the column's name. */
final class OpenR1Rows implements TraceRows {
    static final List<String> CHECKS = List.of("correctness_math_verify", "correctness_llama");

    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        JsonNode generations = row.list("generations");
        List<Message> messages = Said.asked(row.any("system"), row.text("problem"));
        List<Said> traces = new ArrayList<>();
        for (int i = 0; i < generations.size(); i++) {
            Reply reply = Reply.of(Turns.text("generations." + i, generations.get(i)));
            List<Verdict> found = new ArrayList<>();
            for (String check : CHECKS) {
                JsonNode right = row.row().path(check).path(i);
                if (right.isBoolean()) {
                    found.add(Columns.judged(check, right.asBoolean()));
                }
            }
            traces.add(Said.of(messages, reply, row)
                    .withFinish(finish(row.row(), i))
                    .with(found));
        }
        if (traces.isEmpty()) {
            throw new IllegalArgumentException("generations: must have at least one reply");
        }
        return traces;
    }

    private static @Nullable FinishReason finish(JsonNode row, int generation) {
        JsonNode reason = row.path("finish_reasons").path(generation);
        if (reason.isTextual()) {
            return FinishReason.of(reason.asText());
        }
        JsonNode complete = row.path("is_reasoning_complete").path(generation);
        return complete.isBoolean() && !complete.asBoolean() ? FinishReason.LENGTH : null;
    }
}

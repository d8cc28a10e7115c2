package dev.distill.data.intake;

import dev.distill.data.trace.Message;
import java.util.List;

/** OpenThoughts-114k with its metadata. The code problems' tests become the reference, and of the others the answer in a worked solution. */
final class OpenThoughtsRows implements TraceRows {
    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        List<Message> messages = Said.asked(row.any("system"), row.text("problem"));
        Reply reply = Reply.of(row.any("deepseek_reasoning", "reasoning"), row.text("deepseek_solution"));
        String tests = References.ofTests(row.row().path("test_cases"));
        return List.of(Said.of(messages, reply, row)
                .withReference(tests != null ? tests : References.inSolution(row.any("ground_truth_solution"))));
    }
}

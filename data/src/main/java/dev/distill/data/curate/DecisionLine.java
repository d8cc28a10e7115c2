package dev.distill.data.curate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of {@code decisions.jsonl}: what becomes of a trace, and all that it failed. {@link DecisionFile} looks for one. */
public final class DecisionLine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DecisionLine() {}

    /** That of a decision. */
    public static String of(Decision decision) {
        Trace trace = decision.trace();
        Fate fate = decision instanceof Decision.Dropped gone ? new Fate(gone.reason(), gone.detail()) : null;
        return of(trace.id(), trace.promptId(), trace.sample(), fate, trace.verdicts());
    }

    /** @param fate why the trace goes; null where it is kept */
    public static String of(String id, String promptId, int sample, @Nullable Fate fate, List<Verdict> verdicts) {
        ObjectNode line =
                JSON.createObjectNode().put("id", id).put("prompt_id", promptId).put("sample", sample);
        line.put("kept", fate == null);
        if (fate != null) {
            line.put("reason", fate.reason()).put("detail", fate.detail());
        }
        ObjectNode failures = line.objectNode();
        verdicts.stream()
                .filter(verdict -> verdict.outcome() == Verdict.Outcome.FAIL)
                .forEach(verdict -> failures.put(verdict.by(), verdict.reason()));
        if (!failures.isEmpty()) {
            line.set("failed", failures);
        }
        return line.toString();
    }
}

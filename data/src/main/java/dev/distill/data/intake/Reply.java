package dev.distill.data.intake;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.ReasoningSplitter.Split;
import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.data.template.ReasoningSplitter.Whitespace;
import dev.distill.data.template.ThinkMarkers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply, its reasoning told apart.
 *
 * @param reasoning null where there is none
 * @param raw as it stands in the data set; where reasoning and answer have columns of their own, with think tags around the reasoning
 * @param whole whether reasoning that begins has an end
 */
public record Reply(@Nullable String reasoning, String answer, String raw, boolean whole) {
    /** Those that data sets use beside {@link ThinkMarkers#THINK}, which comes last: the beginning of the others cannot be mistaken. */
    private static final List<ThinkMarkers> MARKERS = List.of(
            new ThinkMarkers("<|begin_of_thought|>", "<|end_of_thought|>"),
            new ThinkMarkers("[THINK]", "[/THINK]"),
            ThinkMarkers.THINK);

    /** What some put around the answer, as a whole. */
    private static final List<ThinkMarkers> AROUND_ANSWER = List.of(
            new ThinkMarkers("<|begin_of_solution|>", "<|end_of_solution|>"),
            new ThinkMarkers("<answer>", "</answer>"));

    /** One text with both in it. */
    public static Reply of(String text) {
        for (ThinkMarkers markers : MARKERS) {
            if (text.contains(markers.start()) || text.contains(markers.end())) {
                Split split = ReasoningSplitter.split(text, markers, Start.UNKNOWN, Whitespace.TRIM);
                boolean reasons = !split.reasoning().isEmpty();
                return new Reply(
                        reasons ? split.reasoning() : null, bare(split.answer()), text, !reasons || split.ended());
            }
        }
        return new Reply(null, bare(text.strip()), text, true);
    }

    /** Two texts; the answer's own may hold the reasoning once more. */
    public static Reply of(@Nullable String reasoning, String answer) {
        if (reasoning == null || reasoning.isBlank()) {
            return of(answer);
        }
        String alone = of(answer).answer;
        String raw = ThinkMarkers.THINK.start() + "\n" + reasoning.strip() + "\n" + ThinkMarkers.THINK.end() + "\n\n"
                + alone;
        return new Reply(reasoning.strip(), alone, raw, true);
    }

    private static String bare(String answer) {
        for (ThinkMarkers around : AROUND_ANSWER) {
            boolean wrapped = answer.startsWith(around.start())
                    && answer.indexOf(around.start(), 1) < 0
                    && (answer.endsWith(around.end()) || !answer.contains(around.end()));
            if (wrapped) {
                int end = answer.endsWith(around.end())
                        ? answer.length() - around.end().length()
                        : answer.length();
                return answer.substring(around.start().length(), end).strip();
            }
        }
        return answer;
    }
}

package dev.distill.eval.grade;

import dev.distill.eval.grade.Grader.Graded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Classes of answers that are the same text once they are brought into a form. */
final class AnswerGroups {
    private AnswerGroups() {}

    /** The largest first, of two that are equally large the one that came first. */
    static List<List<Graded>> by(UnaryOperator<String> form, List<Graded> responses) {
        Map<String, List<Graded>> groups = new LinkedHashMap<>();
        for (Graded one : responses) {
            if (one.answer() != null) {
                groups.computeIfAbsent(form.apply(one.answer()), _ -> new ArrayList<>())
                        .add(one);
            }
        }
        return groups.values().stream()
                .map(List::copyOf)
                .sorted((a, b) -> b.size() - a.size())
                .toList();
    }
}

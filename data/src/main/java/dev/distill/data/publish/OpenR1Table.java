package dev.distill.data.publish;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.shard.TableColumn;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The columns of OpenR1-Math-220k: a row for each question and teacher, its traces the generations. Traces of one question that do not stand beside each other
 * make several rows, for memory holds one.
 */
final class OpenR1Table implements TraceTable {
    private static final TableColumn.Type TEXT = TableColumn.Plain.TEXT;
    private static final TableColumn.Type FLAG = TableColumn.Plain.FLAG;

    /** Columns that a trace has as extra where it came in this form. */
    private static final List<String> LABELS = List.of("solution", "problem_type", "question_type", "source", "uuid");

    private static final List<TableColumn> COLUMNS = List.of(
            TableColumn.text("problem"),
            TableColumn.text("solution"),
            TableColumn.text("answer"),
            TableColumn.text("problem_type"),
            TableColumn.text("question_type"),
            TableColumn.text("source"),
            TableColumn.text("uuid"),
            TableColumn.listOf("is_reasoning_complete", FLAG),
            TableColumn.listOf("generations", TEXT),
            TableColumn.listOf("correctness_math_verify", FLAG),
            TableColumn.listOf("correctness_llama", FLAG),
            TableColumn.listOf("finish_reasons", TEXT),
            TableColumn.whole("correctness_count"),
            TableColumn.structs("messages", TableColumn.text("role"), TableColumn.text("content")),
            TableColumn.text("teacher"),
            TableColumn.text("license"));

    private final ReasoningPlace place;

    OpenR1Table(ReasoningPlace place) {
        this.place = place;
    }

    @Override
    public List<TableColumn> columns() {
        return COLUMNS;
    }

    @Override
    public Iterator<Map<String, @Nullable Object>> rows(Iterator<Trace> traces) {
        return new Iterator<>() {
            private @Nullable Trace ahead;

            @Override
            public boolean hasNext() {
                return ahead != null || traces.hasNext();
            }

            @Override
            public Map<String, @Nullable Object> next() {
                Trace first = ahead == null ? traces.next() : ahead;
                ahead = null;
                List<Trace> group = new ArrayList<>(List.of(first));
                while (ahead == null && traces.hasNext()) {
                    Trace trace = traces.next();
                    if (trace.promptId().equals(first.promptId())
                            && trace.teacher().equals(first.teacher())) {
                        group.add(trace);
                    } else {
                        ahead = trace;
                    }
                }
                return row(group);
            }
        };
    }

    private Map<String, @Nullable Object> row(List<Trace> group) {
        Trace first = group.getFirst();
        if (first.messages().size() != 1) {
            throw new IllegalArgumentException("export: trace " + first.id()
                    + ": openr1-math has one question, and this conversation has "
                    + first.messages().size()
                    + " messages; use --as hf");
        }
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("problem", first.question());
        row.put("answer", first.reference());
        LABELS.forEach(label -> row.put(label, first.extra().get(label)));
        row.putIfAbsent("source", first.source());
        row.putIfAbsent("uuid", first.promptId());
        row.put(
                "is_reasoning_complete",
                group.stream().map(trace -> trace.finish() == FinishReason.STOP).toList());
        row.put("generations", group.stream().map(place::said).toList());
        List<@Nullable Boolean> right = checks(group, List.of("correctness_math_verify", MathVerifier.NAME));
        row.put("correctness_math_verify", allNull(right) ? null : right);
        List<@Nullable Boolean> judged = checks(group, List.of("correctness_llama"));
        row.put("correctness_llama", allNull(judged) ? null : judged);
        row.put(
                "finish_reasons",
                group.stream().map(trace -> trace.finish().word()).toList());
        row.put("correctness_count", Collections.frequency(right, true));
        row.put("messages", messages(group.get(Math.max(0, right.indexOf(true)))));
        row.put("teacher", first.teacher());
        row.put("license", first.licence());
        return row;
    }

    private List<Map<String, String>> messages(Trace chosen) {
        return List.of(
                Map.of("role", "user", "content", chosen.question()),
                Map.of("role", "assistant", "content", place.said(chosen)));
    }

    private static boolean allNull(Collection<@Nullable Boolean> values) {
        return values.stream().allMatch(Objects::isNull);
    }

    /** What the first of these checks found, trace by trace; null where none decided. */
    private static List<@Nullable Boolean> checks(List<Trace> group, List<String> names) {
        List<@Nullable Boolean> found = new ArrayList<>();
        for (Trace trace : group) {
            found.add(names.stream()
                    .flatMap(name -> trace.verdicts().stream()
                            .filter(verdict -> verdict.by().equals(name)))
                    .filter(verdict -> verdict.outcome() != Verdict.Outcome.UNDECIDED)
                    .map(verdict -> verdict.outcome() == Verdict.Outcome.PASS)
                    .findFirst()
                    .orElse(null));
        }
        return found;
    }
}

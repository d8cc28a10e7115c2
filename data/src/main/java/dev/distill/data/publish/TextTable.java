package dev.distill.data.publish;

import dev.distill.data.shard.TableColumn;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row for each trace: its text in the form of a format, then {@link About}. */
final class TextTable implements TraceTable {
    private static final String REASONING = "reasoning";

    /** Puts a trace's text into a row. */
    private interface Text {
        void put(Trace trace, Map<String, @Nullable Object> row);
    }

    private final List<TableColumn> columns;
    private final Text text;

    private TextTable(List<TableColumn> columns, Text text) {
        this.columns = columns;
        this.text = text;
    }

    static TextTable messages(ReasoningPlace place) {
        return new TextTable(
                About.behind(messageColumn("messages", place)),
                (trace, row) -> row.put("messages", joined(asked(trace), replied(trace, place))));
    }

    static TextTable shareGpt(ReasoningPlace place) {
        TableColumn column = TableColumn.structs("conversations", TableColumn.text("from"), TableColumn.text("value"));
        return new TextTable(withReasoning(place, column), (trace, row) -> {
            List<Map<String, Object>> turns = new ArrayList<>();
            trace.messages().forEach(message -> turns.add(turn(message.role(), message.content())));
            turns.add(turn(Role.ASSISTANT, place.said(trace)));
            row.put("conversations", turns);
            putReasoning(trace, place, row);
        });
    }

    private static Map<String, Object> turn(Role role, String value) {
        String from = switch (role) {
            case SYSTEM -> "system";
            case USER -> "human";
            case ASSISTANT -> "gpt";
            case TOOL -> "tool";
        };
        return ordered("from", from, "value", value);
    }

    static TextTable alpaca(ReasoningPlace place) {
        List<TableColumn> columns = withReasoning(
                place,
                TableColumn.text("instruction"),
                TableColumn.text("input"),
                TableColumn.text("output"),
                TableColumn.text("system"),
                TableColumn.listOf("history", new TableColumn.ListOf(TableColumn.Plain.TEXT)));
        return new TextTable(columns, (trace, row) -> {
            row.put("instruction", trace.question());
            row.put("input", "");
            row.put("output", place.said(trace));
            boolean system = trace.messages().getFirst().role() == Role.SYSTEM;
            row.put("system", system ? trace.messages().getFirst().content() : "");
            row.put("history", history(trace, system ? 1 : 0));
            putReasoning(trace, place, row);
        });
    }

    /** Earlier turns, which must be the user's and the assistant's by turns. */
    private static List<List<String>> history(Trace trace, int from) {
        List<Message> earlier = trace.messages().subList(from, trace.messages().size() - 1);
        List<List<String>> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < earlier.size(); i += 2) {
            if (earlier.get(i).role() == Role.USER && earlier.get(i + 1).role() == Role.ASSISTANT) {
                pairs.add(List.of(earlier.get(i).content(), earlier.get(i + 1).content()));
            }
        }
        if (2 * pairs.size() != earlier.size()) {
            throw new IllegalArgumentException(
                    "export: trace " + trace.id()
                            + ": alpaca has pairs of the user's and the assistant's turns, and this conversation is none; use --as messages");
        }
        return pairs;
    }

    /** @param plain whether every conversation is a question and nothing else, so that texts say all */
    static TextTable promptCompletion(ReasoningPlace place, boolean plain) {
        if (plain) {
            return new TextTable(
                    withReasoning(place, TableColumn.text("prompt"), TableColumn.text("completion")), (trace, row) -> {
                        row.put("prompt", trace.question());
                        row.put("completion", place.said(trace));
                        putReasoning(trace, place, row);
                    });
        }
        return new TextTable(
                About.behind(messageColumn("prompt", ReasoningPlace.NONE), messageColumn("completion", place)),
                (trace, row) -> {
                    row.put("prompt", asked(trace));
                    row.put("completion", List.of(replied(trace, place)));
                });
    }

    private static TableColumn messageColumn(String name, ReasoningPlace place) {
        return place == ReasoningPlace.SEPARATE
                ? TableColumn.structs(
                        name,
                        TableColumn.text("role"),
                        TableColumn.text("content"),
                        TableColumn.text("reasoning_content"))
                : TableColumn.structs(name, TableColumn.text("role"), TableColumn.text("content"));
    }

    private static List<Map<String, Object>> asked(Trace trace) {
        return trace.messages().stream()
                .map(message -> ordered("role", message.role().word(), "content", message.content()))
                .toList();
    }

    private static Map<String, Object> replied(Trace trace, ReasoningPlace place) {
        Map<String, Object> message = ordered("role", Role.ASSISTANT.word(), "content", place.said(trace));
        String reasoning = trace.reasoning();
        if (place == ReasoningPlace.SEPARATE && reasoning != null) {
            message.put("reasoning_content", reasoning);
        }
        return message;
    }

    private static List<Map<String, Object>> joined(List<Map<String, Object>> asked, Map<String, Object> reply) {
        List<Map<String, Object>> all = new ArrayList<>(asked);
        all.add(reply);
        return all;
    }

    private static Map<String, Object> ordered(String name, String value, String other, String otherValue) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(name, value);
        map.put(other, otherValue);
        return map;
    }

    private static List<TableColumn> withReasoning(ReasoningPlace place, TableColumn... text) {
        List<TableColumn> columns = About.behind(text);
        if (place == ReasoningPlace.SEPARATE) {
            columns.add(text.length, TableColumn.text(REASONING));
        }
        return columns;
    }

    private static void putReasoning(Trace trace, ReasoningPlace place, Map<String, @Nullable Object> row) {
        if (place == ReasoningPlace.SEPARATE) {
            row.put(REASONING, trace.reasoning());
        }
    }

    @Override
    public List<TableColumn> columns() {
        return columns;
    }

    @Override
    public Iterator<Map<String, @Nullable Object>> rows(Iterator<Trace> traces) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return traces.hasNext();
            }

            @Override
            public Map<String, @Nullable Object> next() {
                Trace trace = traces.next();
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                text.put(trace, row);
                About.put(trace, row);
                return row;
            }
        };
    }
}

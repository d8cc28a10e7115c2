package dev.distill.data.shard;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Role;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** One row of Parquet's columns, of any version, to a trace. {@link TraceColumns} writes them. */
final class TraceRow {
    private TraceRow() {}

    static Trace trace(Row row) {
        return new Trace(
                row.text("id"),
                row.text("prompt_id"),
                row.integer("sample"),
                list(row, "messages", TraceRow::message),
                row.textOrNull("reasoning"),
                row.text("answer"),
                row.text("raw_reply"),
                FinishReason.of(row.text("finish")),
                row.textOrNull("reference"),
                row.text("source"),
                row.text("teacher"),
                texts(row.row("parameters")),
                usage(row.row("usage")),
                cost(row.row("cost")),
                row.integer("attempts"),
                instant(row.number("completed_at")),
                list(row, "verdicts", TraceRow::verdict),
                row.textOrNull("domain"),
                row.textOrNull("licence"),
                row.type().containsField("extra") ? texts(row.row("extra")) : Collections.emptySortedMap());
    }

    private static Message message(Row group) {
        return new Message(Role.of(group.text("role")), group.text("content"));
    }

    private static SortedMap<String, String> texts(Row group) {
        SortedMap<String, String> texts = new TreeMap<>();
        for (Row entry : group.rows("key_value")) {
            texts.put(entry.text("key"), entry.text("value"));
        }
        return texts;
    }

    private static Usage usage(Row group) {
        return new Usage(
                group.number("prompt_tokens"),
                group.number("cache_hit_tokens"),
                group.number("completion_tokens"),
                group.number("reasoning_tokens"));
    }

    private static Money cost(Row group) {
        return new Money(new BigDecimal(group.text("amount")), group.text("currency"));
    }

    private static Verdict verdict(Row group) {
        return new Verdict(group.text("by"), outcome(group.text("outcome")), group.text("reason"));
    }

    static Verdict.Outcome outcome(String word) {
        return Verdict.Outcome.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static <T> List<T> list(Row row, String name, Function<Row, T> element) {
        return row.row(name).rows("list").stream()
                .map(entry -> element.apply(entry.row("element")))
                .toList();
    }
}

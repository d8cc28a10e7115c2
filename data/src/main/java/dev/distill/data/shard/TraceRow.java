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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One row of Parquet's columns, of any version, to a trace. {@link TraceColumns} writes them. A column is found by its place: a
 * look-up by name for each value took an eighth of the time of reading. Older versions lack some at the end.
 */
final class TraceRow {
    private static final int ID = place("id");
    private static final int PROMPT_ID = place("prompt_id");
    private static final int SAMPLE = place("sample");
    private static final int MESSAGES = place("messages");
    private static final int REASONING = place("reasoning");
    private static final int ANSWER = place("answer");
    private static final int RAW_REPLY = place("raw_reply");
    private static final int FINISH = place("finish");
    private static final int REFERENCE = place("reference");
    private static final int SOURCE = place("source");
    private static final int TEACHER = place("teacher");
    private static final int PARAMETERS = place("parameters");
    private static final int USAGE = place("usage");
    private static final int COST = place("cost");
    private static final int ATTEMPTS = place("attempts");
    private static final int COMPLETED_AT = place("completed_at");
    private static final int VERDICTS = place("verdicts");
    private static final int DOMAIN = place("domain");
    private static final int LICENCE = place("licence");
    private static final int EXTRA = place("extra");

    private TraceRow() {}

    private static int place(String column) {
        return TraceSchema.PARQUET.getFieldIndex(column);
    }

    static Trace trace(Row row) {
        return new Trace(
                row.text(ID),
                row.text(PROMPT_ID),
                row.integer(SAMPLE),
                list(row.row(MESSAGES), TraceRow::message),
                row.textOrNull(REASONING),
                row.text(ANSWER),
                row.text(RAW_REPLY),
                FinishReason.of(row.text(FINISH)),
                row.textOrNull(REFERENCE),
                row.text(SOURCE),
                row.text(TEACHER),
                texts(row.row(PARAMETERS)),
                usage(row.row(USAGE)),
                cost(row.row(COST)),
                row.integer(ATTEMPTS),
                instant(row.number(COMPLETED_AT)),
                list(row.row(VERDICTS), TraceRow::verdict),
                row.textOrNull(DOMAIN),
                row.textOrNull(LICENCE),
                row.type().getFieldCount() > EXTRA ? texts(row.row(EXTRA)) : Collections.emptySortedMap());
    }

    /** {@code list.element}, each a group. */
    private static <T> List<T> list(Row list, Function<Row, T> element) {
        List<Row> entries = list.rows(0);
        List<T> values = new ArrayList<>(entries.size());
        for (Row entry : entries) {
            values.add(element.apply(entry.row(0)));
        }
        return values;
    }

    /** Role, content. */
    private static Message message(Row group) {
        return new Message(Role.of(group.text(0)), group.text(1));
    }

    /** {@code key_value}, each of a key and a value. */
    private static SortedMap<String, String> texts(Row map) {
        List<Row> entries = map.rows(0);
        if (entries.isEmpty()) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, String> texts = new TreeMap<>();
        for (Row entry : entries) {
            texts.put(entry.text(0), entry.text(1));
        }
        return texts;
    }

    /** Tokens of the prompt, of them from the cache, of the completion, of it reasoning. */
    private static Usage usage(Row group) {
        return new Usage(group.number(0), group.number(1), group.number(2), group.number(3));
    }

    /** Amount, currency. */
    private static Money cost(Row group) {
        return new Money(new BigDecimal(group.text(0)), group.text(1));
    }

    /** By, outcome, reason. */
    private static Verdict verdict(Row group) {
        return new Verdict(group.text(0), outcome(group.text(1)), group.text(2));
    }

    static Verdict.Outcome outcome(String word) {
        return Verdict.Outcome.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}

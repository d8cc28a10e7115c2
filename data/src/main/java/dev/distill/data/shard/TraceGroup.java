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
import org.apache.parquet.example.data.Group;
import org.jspecify.annotations.Nullable;

/** One row of Parquet's columns, of any version, to a trace. {@link TraceWriteSupport} writes them. */
final class TraceGroup {
    private TraceGroup() {}

    static Trace trace(Group row) {
        return new Trace(
                text(row, "id"),
                text(row, "prompt_id"),
                row.getInteger("sample", 0),
                list(row, "messages", TraceGroup::message),
                textOrNull(row, "reasoning"),
                text(row, "answer"),
                text(row, "raw_reply"),
                FinishReason.of(text(row, "finish")),
                textOrNull(row, "reference"),
                text(row, "source"),
                text(row, "teacher"),
                texts(row.getGroup("parameters", 0)),
                usage(row.getGroup("usage", 0)),
                cost(row.getGroup("cost", 0)),
                row.getInteger("attempts", 0),
                instant(row.getLong("completed_at", 0)),
                list(row, "verdicts", TraceGroup::verdict),
                textOrNull(row, "domain"),
                textOrNull(row, "licence"),
                row.getType().containsField("extra") ? texts(row.getGroup("extra", 0)) : Collections.emptySortedMap());
    }

    private static Message message(Group group) {
        return new Message(Role.of(text(group, "role")), text(group, "content"));
    }

    private static SortedMap<String, String> texts(Group group) {
        SortedMap<String, String> texts = new TreeMap<>();
        for (int i = 0; i < group.getFieldRepetitionCount("key_value"); i++) {
            Group entry = group.getGroup("key_value", i);
            texts.put(text(entry, "key"), text(entry, "value"));
        }
        return texts;
    }

    private static Usage usage(Group group) {
        return new Usage(
                group.getLong("prompt_tokens", 0),
                group.getLong("cache_hit_tokens", 0),
                group.getLong("completion_tokens", 0),
                group.getLong("reasoning_tokens", 0));
    }

    private static Money cost(Group group) {
        return new Money(new BigDecimal(text(group, "amount")), text(group, "currency"));
    }

    private static Verdict verdict(Group group) {
        return new Verdict(text(group, "by"), outcome(text(group, "outcome")), text(group, "reason"));
    }

    static Verdict.Outcome outcome(String word) {
        return Verdict.Outcome.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static <T> List<T> list(Group row, String name, Function<Group, T> element) {
        Group list = row.getGroup(name, 0);
        int n = list.getFieldRepetitionCount("list");
        List<T> values = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            values.add(element.apply(list.getGroup("list", i).getGroup("element", 0)));
        }
        return values;
    }

    private static String text(Group group, String name) {
        return group.getString(name, 0);
    }

    private static @Nullable String textOrNull(Group group, String name) {
        return !group.getType().containsField(name) || group.getFieldRepetitionCount(name) == 0
                ? null
                : group.getString(name, 0);
    }
}

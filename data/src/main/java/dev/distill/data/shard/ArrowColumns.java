package dev.distill.data.shard;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Role;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/** Traces in Arrow's vectors, whose columns are those of {@link ArrowSchema}. */
final class ArrowColumns {
    private final VectorSchemaRoot root;

    ArrowColumns(VectorSchemaRoot root) {
        this.root = root;
    }

    // Writing

    void set(int row, Trace trace) {
        setText("id", row, trace.id());
        setText("prompt_id", row, trace.promptId());
        vector("sample", IntVector.class).setSafe(row, trace.sample());
        setList("messages", row, trace.messages(), (element, at, message) -> {
            setText(element, "role", at, message.role().word());
            setText(element, "content", at, message.content());
        });
        setText("reasoning", row, trace.reasoning());
        setText("answer", row, trace.answer());
        setText("raw_reply", row, trace.rawReply());
        setText("finish", row, trace.finish().word());
        setText("reference", row, trace.reference());
        setText("source", row, trace.source());
        setText("teacher", row, trace.teacher());
        setTexts("parameters", row, trace.parameters());
        StructVector usage = vector("usage", StructVector.class);
        usage.setIndexDefined(row);
        setLong(usage, "prompt_tokens", row, trace.usage().promptTokens());
        setLong(usage, "cache_hit_tokens", row, trace.usage().cacheHitTokens());
        setLong(usage, "completion_tokens", row, trace.usage().completionTokens());
        setLong(usage, "reasoning_tokens", row, trace.usage().reasoningTokens());
        StructVector cost = vector("cost", StructVector.class);
        cost.setIndexDefined(row);
        setText(cost, "amount", row, trace.cost().amount().toPlainString());
        setText(cost, "currency", row, trace.cost().currency());
        vector("attempts", IntVector.class).setSafe(row, trace.attempts());
        vector("completed_at", TimeStampMicroTZVector.class).setSafe(row, TraceColumns.micros(trace.completedAt()));
        setList("verdicts", row, trace.verdicts(), (element, at, verdict) -> {
            setText(element, "by", at, verdict.by());
            setText(element, "outcome", at, verdict.outcome().word());
            setText(element, "reason", at, verdict.reason());
        });
        setText("domain", row, trace.domain());
        setText("licence", row, trace.licence());
        setTexts("extra", row, trace.extra());
    }

    private void setTexts(String name, int row, Map<String, String> texts) {
        setList(name, row, List.copyOf(texts.entrySet()), (entry, at, text) -> {
            setText(entry, MapVector.KEY_NAME, at, text.getKey());
            setText(entry, MapVector.VALUE_NAME, at, text.getValue());
        });
    }

    /** Writes one element of a list into the fields of its struct. */
    private interface Element<T> {
        void set(StructVector fields, int at, T value);
    }

    private <T> void setList(String name, int row, List<T> values, Element<T> element) {
        ListVector list = vector(name, ListVector.class);
        StructVector fields = (StructVector) list.getDataVector();
        int at = list.startNewValue(row);
        for (T value : values) {
            fields.setIndexDefined(at);
            element.set(fields, at, value);
            at++;
        }
        list.endValue(row, values.size());
    }

    private void setText(String name, int row, @Nullable String value) {
        setText(vector(name, VarCharVector.class), row, value);
    }

    private static void setText(StructVector fields, String name, int row, String value) {
        setText(child(fields, name, VarCharVector.class), row, value);
    }

    private static void setText(VarCharVector vector, int row, @Nullable String value) {
        if (value == null) {
            vector.setNull(row);
        } else {
            vector.setSafe(row, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void setLong(StructVector fields, String name, int row, long value) {
        child(fields, name, BigIntVector.class).setSafe(row, value);
    }

    // Reading

    Trace get(int row) {
        StructVector usage = vector("usage", StructVector.class);
        StructVector cost = vector("cost", StructVector.class);
        StructVector message = elements("messages");
        StructVector verdict = elements("verdicts");
        return new Trace(
                text("id", row),
                text("prompt_id", row),
                vector("sample", IntVector.class).get(row),
                list(
                        "messages",
                        row,
                        at -> new Message(Role.of(text(message, "role", at)), text(message, "content", at))),
                textOrNull("reasoning", row),
                text("answer", row),
                text("raw_reply", row),
                FinishReason.of(text("finish", row)),
                textOrNull("reference", row),
                text("source", row),
                text("teacher", row),
                texts("parameters", row),
                new Usage(
                        number(usage, "prompt_tokens", row),
                        number(usage, "cache_hit_tokens", row),
                        number(usage, "completion_tokens", row),
                        number(usage, "reasoning_tokens", row)),
                new Money(new BigDecimal(text(cost, "amount", row)), text(cost, "currency", row)),
                vector("attempts", IntVector.class).get(row),
                TraceRow.instant(
                        vector("completed_at", TimeStampMicroTZVector.class).get(row)),
                list(
                        "verdicts",
                        row,
                        at -> new Verdict(
                                text(verdict, "by", at),
                                TraceRow.outcome(text(verdict, "outcome", at)),
                                text(verdict, "reason", at))),
                textOrNull("domain", row),
                textOrNull("licence", row),
                has("extra") ? texts("extra", row) : Collections.emptySortedMap());
    }

    private SortedMap<String, String> texts(String name, int row) {
        StructVector entries = elements(name);
        SortedMap<String, String> texts = new TreeMap<>();
        list(
                name,
                row,
                at -> texts.put(text(entries, MapVector.KEY_NAME, at), text(entries, MapVector.VALUE_NAME, at)));
        return texts;
    }

    /** Whether the version has this column. */
    private boolean has(String name) {
        return root.getVector(name) != null;
    }

    private StructVector elements(String name) {
        return (StructVector) vector(name, ListVector.class).getDataVector();
    }

    private <T> List<T> list(String name, int row, IntFunction<T> element) {
        ListVector list = vector(name, ListVector.class);
        List<T> values = new ArrayList<>();
        for (int at = list.getElementStartIndex(row); at < list.getElementEndIndex(row); at++) {
            values.add(element.apply(at));
        }
        return values;
    }

    private String text(String name, int row) {
        return string(vector(name, VarCharVector.class), row);
    }

    private @Nullable String textOrNull(String name, int row) {
        if (!has(name)) {
            return null;
        }
        VarCharVector vector = vector(name, VarCharVector.class);
        return vector.isNull(row) ? null : string(vector, row);
    }

    private static String text(StructVector fields, String name, int row) {
        return string(child(fields, name, VarCharVector.class), row);
    }

    /** Offsets come from the stream: Arrow makes an array of the length that they claim before it looks whether there are so many bytes. */
    private static String string(VarCharVector vector, int row) {
        int start = vector.getStartOffset(row);
        int end = vector.getEndOffset(row);
        if (start < 0 || end < start || end > vector.getDataBuffer().capacity()) {
            throw new IllegalArgumentException("a text of column " + vector.getName() + " lies at " + start + " to "
                    + end + " of " + vector.getDataBuffer().capacity() + " bytes");
        }
        return new String(vector.get(row), StandardCharsets.UTF_8);
    }

    private static long number(StructVector fields, String name, int row) {
        return child(fields, name, BigIntVector.class).get(row);
    }

    private <V extends FieldVector> V vector(String name, Class<V> type) {
        return type.cast(root.getVector(name));
    }

    private static <V extends FieldVector> V child(StructVector fields, String name, Class<V> type) {
        return fields.getChild(name, type);
    }
}

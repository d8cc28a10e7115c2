package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a trace stands among the others, whatever the order in which they are read: of several that are alike the one with the
 * least key stays. The earliest sample of its prompt comes first, then the least id; two rows with one id are told apart by
 * all that is in them, so that only rows with nothing to choose between them have one key.
 *
 * @param sample {@link Trace#sample}
 * @param id {@link Trace#id}
 * @param content {@link Hash} of all that the row says
 */
public record CanonicalKey(int sample, String id, String content) implements Comparable<CanonicalKey>, Serializable {
    private static final Comparator<CanonicalKey> ORDER = Comparator.comparingInt(CanonicalKey::sample)
            .thenComparing(CanonicalKey::id)
            .thenComparing(CanonicalKey::content);

    /** The key of a trace as it was read, without what this curation finds. */
    static CanonicalKey of(Trace trace) {
        List<String> parts = new ArrayList<>();
        parts.add(trace.promptId());
        parts.add(Integer.toString(trace.messages().size()));
        for (Message message : trace.messages()) {
            parts.add(message.role().word());
            parts.add(message.content());
        }
        addOptional(parts, trace.reasoning());
        parts.add(trace.answer());
        parts.add(trace.rawReply());
        parts.add(trace.finish().word());
        addOptional(parts, trace.reference());
        parts.add(trace.source());
        parts.add(trace.teacher());
        addAll(parts, trace.parameters());
        parts.add(trace.usage().toString());
        parts.add(trace.cost().amount().toString());
        parts.add(trace.cost().currency());
        parts.add(Integer.toString(trace.attempts()));
        parts.add(trace.completedAt().toString());
        parts.add(Integer.toString(trace.verdicts().size()));
        for (Verdict verdict : trace.verdicts()) {
            parts.add(verdict.by());
            parts.add(verdict.outcome().word());
            parts.add(verdict.reason());
        }
        addOptional(parts, trace.domain());
        addOptional(parts, trace.licence());
        addAll(parts, trace.extra());
        return new CanonicalKey(trace.sample(), trace.id(), Hash.of(parts));
    }

    /** No text is another thing than an empty one. */
    private static void addOptional(List<String> parts, @Nullable String text) {
        parts.add(text == null ? "0" : "1");
        parts.add(text == null ? "" : text);
    }

    private static void addAll(List<String> parts, SortedMap<String, String> values) {
        parts.add(Integer.toString(values.size()));
        values.forEach((name, value) -> {
            parts.add(name);
            parts.add(value);
        });
    }

    @Override
    public int compareTo(CanonicalKey other) {
        return ORDER.compare(this, other);
    }
}

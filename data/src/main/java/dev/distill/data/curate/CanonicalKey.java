package dev.distill.data.curate;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Where a trace stands among the others, whatever the order in which they are read: of several that are alike the one with the
 * least key stays. The earliest sample of its prompt comes first, then the least id; two rows with one id are told apart by
 * what is in them.
 *
 * @param sample {@link Trace#sample}
 * @param id {@link Trace#id}
 * @param content {@link Hash} of the row
 */
public record CanonicalKey(int sample, String id, String content) implements Comparable<CanonicalKey>, Serializable {
    private static final Comparator<CanonicalKey> ORDER = Comparator.comparingInt(CanonicalKey::sample)
            .thenComparing(CanonicalKey::id)
            .thenComparing(CanonicalKey::content);

    /** The key of a trace as it was harvested; its verdicts do not count. */
    static CanonicalKey of(Trace trace) {
        List<String> parts = new ArrayList<>();
        for (Message message : trace.messages()) {
            parts.add(message.role().word());
            parts.add(message.content());
        }
        parts.add(Objects.requireNonNullElse(trace.reasoning(), ""));
        parts.add(trace.answer());
        parts.add(trace.rawReply());
        parts.add(trace.finish().word());
        parts.add(Objects.requireNonNullElse(trace.reference(), ""));
        parts.add(trace.source());
        parts.add(trace.teacher());
        parts.add(trace.completedAt().toString());
        return new CanonicalKey(trace.sample(), trace.id(), Hash.of(parts));
    }

    @Override
    public int compareTo(CanonicalKey other) {
        return ORDER.compare(this, other);
    }
}

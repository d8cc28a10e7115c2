package dev.distill.teacher;

import dev.distill.data.trace.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What had arrived of a reply when its exchange ended, complete or not.
 *
 * @param reasoning text of the reasoning fields
 * @param content text of the content fields, think tags and all
 * @param deltas chunks that carried text; most providers send one token in each
 * @param usage as the provider counted; null where it did not say
 * @param billed whether that is of the whole reply; else it is what had been counted by the time, which may be little
 */
public record Received(
        String reasoning,
        String content,
        int deltas,
        @Nullable Usage usage,
        boolean billed) {
    public static final Received NOTHING = new Received("", "", 0, null);

    /** With usage, if there is any, of the whole reply. */
    public Received(String reasoning, String content, int deltas, @Nullable Usage usage) {
        this(reasoning, content, deltas, usage, usage != null);
    }

    /** Whether the provider may have begun to work, so that the exchange may cost money. */
    public boolean isEmpty() {
        return reasoning.isEmpty() && content.isEmpty() && usage == null;
    }
}

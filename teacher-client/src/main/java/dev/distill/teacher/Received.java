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
 */
public record Received(
        String reasoning,
        String content,
        int deltas,
        @Nullable Usage usage) {
    public static final Received NOTHING = new Received("", "", 0, null);

    /** Whether the provider may have begun to work, so that the exchange may cost money. */
    public boolean isEmpty() {
        return reasoning.isEmpty() && content.isEmpty() && usage == null;
    }
}

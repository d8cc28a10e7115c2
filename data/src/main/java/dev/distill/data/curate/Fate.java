package dev.distill.data.curate;

import java.io.Serializable;
import java.util.Locale;

/**
 * Why a trace goes.
 *
 * @param reason the name of the check
 * @param detail the value that decided, in one line
 */
public record Fate(String reason, String detail) implements Serializable {
    /** That of a trace which repeats the one of this id. */
    public static Fate duplicateOf(String id) {
        return new Fate(Curation.DUPLICATE, "of trace " + id);
    }

    /** That of a trace whose prompt is like that of the one of this id. */
    public static Fate similarPromptOf(String id, double similarity) {
        return new Fate(
                Curation.NEAR_DUPLICATE_PROMPT,
                String.format(Locale.ROOT, "%.2f like the prompt of trace %s", similarity, id));
    }

    /** That of a trace which is like the one of this id. */
    public static Fate nearDuplicateOf(String id, double similarity) {
        return new Fate(Curation.NEAR_DUPLICATE, String.format(Locale.ROOT, "%.2f like trace %s", similarity, id));
    }
}

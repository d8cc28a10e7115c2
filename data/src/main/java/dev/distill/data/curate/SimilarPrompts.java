package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import java.io.Serializable;

/**
 * Which prompts ask what another one asks: nearly the same words, and the same numbers. Of such prompts only the traces of one are
 * kept.
 *
 * @param near how alike they are
 * @param before what stands before the question in each of them, a template's; it is not compared, or else short questions in a long
 *     template would all be nearly the same
 * @param after what stands behind it, likewise
 */
public record SimilarPrompts(NearDuplicateSettings near, String before, String after) implements Serializable {
    /** {@link NearDuplicateSettings#STANDARD}, and no template. */
    public static final SimilarPrompts STANDARD = new SimilarPrompts(NearDuplicateSettings.STANDARD, "", "");

    /** What is compared of the conversation that a trace answers. */
    String text(Trace trace) {
        return PromptDuplicates.text(trace.messages(), said -> PromptDuplicates.between(before, said, after));
    }
}

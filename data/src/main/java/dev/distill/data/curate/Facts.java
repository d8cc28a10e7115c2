package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What choosing among traces must know of one: some hundred bytes, so that those of millions fit into memory, or travel between
 * machines.
 *
 * @param key decides which of several stays
 * @param prompt names the conversation, {@link ExactText#ofPrompt}: traces of one prompt compete
 * @param text names the whole trace, {@link ExactText#of}
 * @param length characters of reasoning and answer
 * @param mixClass the part of the mix that it belongs to, see {@link Mix}; empty where there is no mix
 * @param correct whether its answer was found right; {@code UNDECIDED} where nobody could say
 * @param fingerprint for near duplicates; null where they are not looked for
 * @param promptFingerprint for prompts that are nearly the same, likewise
 */
public record Facts(
        CanonicalKey key,
        String prompt,
        String text,
        long length,
        String mixClass,
        Verdict.Outcome correct,
        @Nullable Fingerprint fingerprint,
        @Nullable Fingerprint promptFingerprint)
        implements Serializable {

    /**
     * What finding near duplicates needs at first sight.
     *
     * @param bands keys of the signature's bands: who has none in common with another is not looked at beside it
     * @param numbers a hash of the question's numbers: who has others is another problem
     */
    public record Fingerprint(long[] bands, long numbers) implements Serializable {
        /** Keys of the bands, each together with the numbers: two texts that share none are not compared. */
        public long[] keys() {
            long[] keys = new long[bands.length];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = Words.mixed(bands[i] + 0x9E3779B97F4A7C15L * numbers);
            }
            return keys;
        }
    }

    /** Characters that a student would have to learn: of the reasoning and the answer. */
    static long lengthOf(Trace trace) {
        String reasoning = trace.reasoning();
        return (reasoning == null ? 0 : reasoning.length()) + trace.answer().length();
    }
}

package dev.distill.teacher.harvest;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How often each prompt is asked, and in which order.
 *
 * @param samples of each prompt, where nothing is asked until it is right
 * @param untilRight asks for right answers in place of a number of samples; null for none
 * @param sharedPrefix characters that prompts must have in common at their beginning for one of them to be sent ahead of the
 *     others, so that the provider has read that beginning when they come; 0 for the order as given
 */
public record Asking(int samples, @Nullable UntilRight untilRight, int sharedPrefix) {
    /** About 256 tokens: DeepSeek's cache counts blocks of 64 tokens, OpenAI's begins at 1,024. */
    public static final int SHARED_PREFIX = 1024;

    /** So many samples of each prompt. */
    public static Asking of(int samples) {
        return new Asking(samples, null, SHARED_PREFIX);
    }

    public Asking withUntilRight(UntilRight value) {
        return new Asking(samples, value, sharedPrefix);
    }

    public Asking withSharedPrefix(int value) {
        return new Asking(samples, untilRight, value);
    }

    /** Units of one prompt at most. */
    int units() {
        return untilRight == null ? samples : untilRight.tries();
    }

    /** What is wrong with these values, in the words of a recipe; empty if nothing is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (samples < 1) {
            problems.add("harvest.samples: must be 1 or more; got " + samples);
        }
        if (sharedPrefix < 0) {
            problems.add("harvest.shared-prefix: must be 0 (the order as given) or more; got " + sharedPrefix);
        }
        if (untilRight != null && (untilRight.right() < 1 || untilRight.tries() < untilRight.right())) {
            problems.add("harvest.until-right: must be 1 or more and harvest.tries not less; got " + untilRight.right()
                    + " and " + untilRight.tries());
        }
        return problems;
    }

    /** What decides what is bought, for the manifest. */
    void putInto(SortedMap<String, String> settings) {
        if (untilRight == null) {
            settings.put("harvest.samples", Integer.toString(samples));
        } else {
            settings.put("harvest.until-right", Integer.toString(untilRight.right()));
            settings.put("harvest.tries", Integer.toString(untilRight.tries()));
            settings.put("harvest.verifier", untilRight.verifier().name());
        }
    }
}
